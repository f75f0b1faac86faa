import GatewayDomain
import GatewayStore
import NodeProtocol

/// Counts the usage that one report of a node brings: of each peer, and with it of its gateway, so that the sum of
/// the peers is the gateway's at any moment.
///
/// What is said of a peer several times is added up first, so that a report costs no more than its peers.
struct UsageIntake {
    private let node: GatewayNode
    private let tx: Transaction
    /// A node counts nothing before it was there, and nothing in the future. The one inside of the server goes by its clock.
    private let hours: ClosedRange<UsageHour>
    private var ofPresent: [PeerID: HourlyUsage] = [:]
    private var ofDeleted: [PeerID: HourlyUsage] = [:]

    init(of node: GatewayNode, _ tx: Transaction) {
        self.node = node
        self.tx = tx
        let now = UsageHour(of: tx.time)
        let first = node.isEmbedded ? UsageHour(number: 0) : UsageHour(of: node.createdAt)
        hours = min(first, now)...now
    }

    /// - Parameter isPresent: whether the peer is stored, and the node may speak for it. One that is not may have been
    ///   deleted: what the node had of it until then counts.
    mutating func take(_ report: PeerReport, isPresent: Bool) {
        guard !report.usageAdded.isEmpty else { return }
        let hours = hours
        let usage = report.usageAdded.moved { min(max($0, hours.lowerBound), hours.upperBound) }
        if isPresent {
            ofPresent[report.id, default: HourlyUsage()].takeBounded(usage)
        } else {
            ofDeleted[report.id, default: HourlyUsage()].takeBounded(usage)
        }
    }

    /// To be called behind the last report.
    ///
    /// - Returns: what is used now of the quotas that the reports concern.
    func store() throws -> [LimitSubject: QuotaUse] {
        // Most reports of a quiet node bring nothing.
        guard !ofPresent.isEmpty || !ofDeleted.isEmpty else { return [:] }
        let db = tx.db
        let rolledUp = try Usage.rolledUpHour(db)
        let present = try Meters.ofPeers(ofPresent.keys.sorted(), db)
        let deleted = try Meters.ofDeletedPeers(
            ofDeleted.keys.sorted(),
            on: node.id,
            deletedSince: tx.time.advanced(bySeconds: -Meters.rememberedSeconds),
            db
        )
        var sums: [Int64: HourlyUsage] = [:]
        for (meters, usages) in [(present, ofPresent), (deleted, ofDeleted)] {
            var counted: [(number: Int64, usage: HourlyUsage)] = []
            for (peer, meter) in meters.sorted(by: { $0.value.number < $1.value.number }) {
                guard let usage = usages[peer] else { continue }
                counted.append((meter.number, usage))
                sums[meter.gateway, default: HourlyUsage()].add(usage)
            }
            try Usage.add(counted, of: .peers, rolledUp: rolledUp, db)
        }
        try Usage.add(sums.map { ($0.key, $0.value) }, of: .gateways, rolledUp: rolledUp, db)
        try correct(sums)
        return try tx.advanceQuotas(peers: ofPresent, present, gateways: sums)
    }

    /// Notes what is charged for in a later month, as its own is closed.
    private func correct(_ sums: [Int64: HourlyUsage]) throws {
        let closed = try Usage.closedHour(tx.db)
        // Not in a month that is closed because the clock was ahead of it.
        let counted = max(hours.upperBound, closed)
        for (gateway, usage) in sums {
            for entry in usage.entries where entry.hour < closed {
                try Usage.addCorrection(entry, of: gateway, countedIn: counted, tx.db)
            }
        }
    }
}

extension HourlyUsage {
    fileprivate mutating func takeBounded(_ later: HourlyUsage) {
        add(later)
        self = inLatest(PeerReport.mostUsageHours)
    }
}

extension Meters {
    /// For how long a node may be cut off that has usage of a peer which was deleted meanwhile.
    static let rememberedSeconds: Int64 = 60 * 86_400
}
