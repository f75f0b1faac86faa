import GatewayDomain
import NodeProtocol
import Synchronization

/// What nodes saw go wrong, by peer and gateway, in memory only: a restart forgets it, and the nodes do
/// so as well. Bounded, as the newest trouble is what a diagnosis needs.
final class NodeObservations: Sendable {
    /// Each takes some two kilobytes at most.
    private static let maximumPeers = 10_000

    private struct Memory {
        var peers: [PeerID: (observations: PeerObservations, number: UInt64)] = [:]
        var gateways: [GatewayID: GatewayObservations] = [:]
        /// Of reports; a peer that was reported later has a larger one.
        var number: UInt64 = 0
        var deletedGateways = DeletedGateways()
    }

    let since: Timestamp
    private let state = Mutex(Memory())

    init(since: Timestamp) {
        self.since = since
    }

    func record(_ report: TroubleReport) {
        state.withLock { state in
            for (id, observations) in report.peers {
                state.number += 1
                state.peers[id] = (observations, state.number)
            }
            if state.peers.count > Self.maximumPeers { Self.forgetOldest(&state) }
            for (id, drops) in report.drops where !state.deletedGateways.contains(id) {
                state.gateways[id, default: .init()].drops = drops
            }
            for (id, strangers) in report.strangers where !state.deletedGateways.contains(id) {
                state.gateways[id, default: .init()].strangers = strangers
            }
        }
    }

    subscript(id: PeerID) -> PeerObservations? { state.withLock { $0.peers[id]?.observations } }

    subscript(id: GatewayID) -> GatewayObservations {
        state.withLock { $0.gateways[id] } ?? GatewayObservations()
    }

    /// Those of whose packets or handshakes some were dropped since a moment for one of these reasons, the newest first.
    func peers(
        meeting reasons: Set<DropCause>,
        since: Timestamp
    ) -> [PeerID] {
        let found = state.withLock { state in
            state.peers.compactMap { id, peer -> (id: PeerID, last: Timestamp)? in
                let last = peer.observations.drops.filter { reasons.contains($0.reason) }.map(
                    \.last
                )
                .max()
                return last.flatMap { $0 > since ? (id, $0) : nil }
            }
        }
        return found.sorted { $0.last > $1.last }.map(\.id)
    }

    /// What was seen with the old key says nothing about the new one.
    func forgetObjects(after news: CommitNews) {
        state.withLock { state in
            if news == .anything {
                state.peers = [:]
                state.gateways = [:]
            }
            for notice in news.notices {
                switch (notice.objectType, notice.operation) {
                case (.peer, let operation) where operation == .deleted || notice.mayHaveNewKey:
                    if let id = PeerID(notice.objectID) { state.peers[id] = nil }
                case (.gateway, .deleted):
                    guard let id = GatewayID(notice.objectID) else { continue }
                    state.gateways[id] = nil
                    state.deletedGateways.add(id)
                default:
                    break
                }
            }
        }
    }

    /// A tenth at once, so that the sorting is paid for by many reports.
    private static func forgetOldest(_ state: inout Memory) {
        let numbers = state.peers.values.map(\.number).sorted()
        let limit = numbers[numbers.count - maximumPeers * 9 / 10]
        state.peers = state.peers.filter { $0.value.number >= limit }
    }
}

/// The last ones: a node reports twice a second, and may name what was deleted since it looked.
private struct DeletedGateways {
    private static let most = 10_000

    private var ids: Set<GatewayID> = []
    private var order: [GatewayID] = []

    func contains(_ id: GatewayID) -> Bool { ids.contains(id) }

    mutating func add(_ id: GatewayID) {
        guard ids.insert(id).inserted else { return }
        order.append(id)
        guard order.count > Self.most else { return }
        let oldest = order.prefix(Self.most / 10)
        ids.subtract(oldest)
        order.removeFirst(oldest.count)
    }
}
