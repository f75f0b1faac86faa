import GatewayDomain
import WireGuardEngine

/// The counters of a peer as of one report, which tell what the next one adds.
struct PeerTotals {
    private let rxBytes: UInt64
    private let txBytes: UInt64
    private let rxPackets: UInt64
    private let txPackets: UInt64
    private let latestHandshake: WallTime?
    private let answeredEchoes: UInt32
    private let egress: EgressTraffic

    init(_ report: ActivityReport) {
        rxBytes = report.receivedBytes
        txBytes = report.sentBytes
        rxPackets = report.receivedPackets
        txPackets = report.sentPackets
        latestHandshake = report.latestHandshake
        answeredEchoes = report.answeredEchoes
        egress = report.egress ?? EgressTraffic()
    }

    /// - Parameter last: nil for the first report, before which all counters were zero.
    func growth(since last: PeerTotals?) -> TrafficCounts {
        TrafficCounts(
            rxBytes: Self.growth(from: last?.rxBytes, to: rxBytes),
            txBytes: Self.growth(from: last?.txBytes, to: txBytes),
            rxPackets: Self.growth(from: last?.rxPackets, to: rxPackets),
            txPackets: Self.growth(from: last?.txPackets, to: txPackets),
            // A peer makes no two handshakes between two reports: it waits five seconds.
            handshakes: latestHandshake == nil || latestHandshake == last?.latestHandshake ? 0 : 1
        )
    }

    /// What passed the interface.
    func egressGrowth(since last: PeerTotals?) -> EgressBytes {
        EgressBytes(
            left: Self.growth(from: last?.egress.leftBytes, to: egress.leftBytes),
            entered: Self.growth(from: last?.egress.enteredBytes, to: egress.enteredBytes)
        )
    }

    /// Whether the gateway has answered a ping of the peer.
    func hasNewEcho(since last: PeerTotals?) -> Bool {
        // A peer that was installed anew has counted nothing before.
        guard let last, last.rxPackets <= rxPackets else { return answeredEchoes != 0 }
        return answeredEchoes != last.answeredEchoes
    }

    /// A counter that is smaller than it was has begun anew.
    static func growth(from last: UInt64?, to total: UInt64) -> UInt64 {
        guard let last, total >= last else { return total }
        return total - last
    }
}
