import GatewayDomain
import NodeProtocol
import Synchronization

/// Keeps what gateways and peers carried lately, in memory only: a restart forgets it. Every gateway is
/// recorded; a peer is from the first time that its history is asked for until nothing asks any more.
final class TrafficRecorder: Sendable {
    /// Each takes some 120 kilobytes at most.
    private static let mostGateways = 500
    private static let mostPeers = 1000
    /// How long a peer is recorded after its history was last asked for.
    private static let watchSeconds: Int64 = 3600

    private struct Watched {
        let organizationID: OrganizationID
        var series: TrafficSeries
        var askedAt: Timestamp
    }

    private struct Kept {
        /// Since when a gateway that is not here has carried nothing.
        var knownSince: Timestamp
        var gateways: [GatewayID: (series: TrafficSeries, addedAt: Timestamp)] = [:]
        var peers: [PeerID: Watched] = [:]

        /// The one that was longest not asked for, of the organization that has most of them recorded: one
        /// organization does not end the histories of another.
        mutating func forgetOnePeer() {
            let counts = Dictionary(
                peers.values.map { ($0.organizationID, 1) },
                uniquingKeysWith: +
            )
            let most = counts.values.max()
            let oldest =
                peers
                .filter { counts[$0.value.organizationID] == most }
                .min { $0.value.askedAt < $1.value.askedAt }
            if let oldest { peers[oldest.key] = nil }
        }
    }

    private let state: Mutex<Kept>

    init(at now: Timestamp) {
        state = Mutex(Kept(knownSince: now))
    }

    func record(_ report: TrafficReport, at now: Timestamp) {
        var sums: [GatewayID: TrafficCounts] = [:]
        for peer in report.peers { sums[peer.gatewayID, default: TrafficCounts()] += peer.counts }
        state.withLock { state in
            for id in Set(sums.keys).union(report.drops.keys) {
                var series =
                    state.gateways.removeValue(forKey: id)?.series
                    ?? TrafficSeries(at: state.knownSince)
                series.add(
                    sums[id] ?? TrafficCounts(),
                    drops: report.drops[id] ?? [:],
                    at: now
                )
                state.gateways[id] = (series, now)
            }
            while state.gateways.count > Self.mostGateways {
                let oldest = state.gateways.min { $0.value.addedAt < $1.value.addedAt }
                guard let oldest else { break }
                state.gateways[oldest.key] = nil
                state.knownSince = now
            }
            guard !state.peers.isEmpty else { return }
            for (id, watched) in state.peers
            where watched.askedAt.advanced(bySeconds: Self.watchSeconds) <= now {
                state.peers[id] = nil
            }
            for peer in report.peers { state.peers[peer.id]?.series.add(peer.counts, at: now) }
        }
    }

    /// What the gateway carried in a second, in the latest step that has ended.
    func rate(of gateway: GatewayID, at now: Timestamp) -> TrafficCounts {
        state.withLock { $0.gateways[gateway]?.series.rate(at: now) } ?? TrafficCounts()
    }

    func history(of gateway: Gateway, _ window: TrafficWindow, at now: Timestamp) -> TrafficHistory
    {
        let series = state.withLock { state in
            state.gateways[gateway.id]?.series ?? TrafficSeries(at: state.knownSince)
        }
        return series.history(window, knownSince: gateway.createdAt, at: now)
    }

    /// Begins to record the peer, where it is not.
    func history(of peer: Peer, _ window: TrafficWindow, at now: Timestamp) -> TrafficHistory {
        let series = state.withLock { state in
            var watched =
                state.peers[peer.id]
                ?? Watched(
                    organizationID: peer.organizationID,
                    series: TrafficSeries(at: now),
                    askedAt: now
                )
            watched.askedAt = now
            if state.peers[peer.id] == nil, state.peers.count >= Self.mostPeers {
                state.forgetOnePeer()
            }
            state.peers[peer.id] = watched
            return watched.series
        }
        return series.history(window, knownSince: peer.createdAt, at: now)
    }

    func forgetObjects(after news: CommitNews) {
        state.withLock { state in
            for notice in news.notices where notice.operation == .deleted {
                switch notice.objectType {
                case .peer: if let id = PeerID(notice.objectID) { state.peers[id] = nil }
                case .gateway: if let id = GatewayID(notice.objectID) { state.gateways[id] = nil }
                default: break
                }
            }
        }
    }
}
