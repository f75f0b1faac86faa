import GatewayDomain
import GatewayStore
import NodeProtocol

/// Counts the usage that one report of a node brings: of each peer, and with it of its gateway, so that the sum of
/// the peers is the gateway's at any moment.
struct UsageIntake {
    private let node: GatewayNode
    private let db: any SQLConnection
    /// A node counts nothing before it was there, and nothing in the future. The one inside of the server goes by its clock.
    private let hours: ClosedRange<UsageHour>
    /// Looked up once there is something to count: most reports of a quiet node bring nothing.
    private var rolledUp: UsageHour?
    private var closed = UsageHour(number: 0)
    private var sums: [Int64: HourlyUsage] = [:]

    init(of node: GatewayNode, _ tx: Transaction) {
        self.node = node
        db = tx.db
        let now = UsageHour(of: tx.time)
        let first = node.isEmbedded ? UsageHour(number: 0) : UsageHour(of: node.createdAt)
        hours = min(first, now)...now
    }

    /// - Parameter isPresent: whether the peer is stored, and the node may speak for it. One that is not may have been
    ///   deleted: what the node had of it until then counts.
    mutating func take(_ report: PeerReport, isPresent: Bool) throws {
        guard !report.usageAdded.isEmpty else { return }
        let meter =
            isPresent
            ? try Meters.ofPeer(report.id, db)
            : try Meters.ofDeletedPeer(report.id, on: node.id, db)
        guard let meter else { return }
        let hours = hours
        let usage = report.usageAdded.moved { min(max($0, hours.lowerBound), hours.upperBound) }
        if rolledUp == nil { closed = try Usage.closedHour(db) }
        let rolledUp = try rolledUp ?? Usage.rolledUpHour(db)
        self.rolledUp = rolledUp
        for entry in usage.entries {
            try Usage.add(entry, to: .peer(meter.number), rolledUp: rolledUp, db)
        }
        sums[meter.gateway, default: HourlyUsage()].add(usage)
    }

    /// To be called behind the last report.
    func addSums() throws {
        guard let rolledUp else { return }
        for (gateway, usage) in sums {
            for entry in usage.entries {
                try Usage.add(entry, to: .gateway(gateway), rolledUp: rolledUp, db)
                guard entry.hour < closed else { continue }
                // Not in a month that is closed because the clock was ahead of it.
                let hour = max(hours.upperBound, closed)
                try Usage.addCorrection(entry, of: gateway, countedIn: hour, db)
            }
        }
    }
}
