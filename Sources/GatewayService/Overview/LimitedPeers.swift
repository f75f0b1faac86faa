import GatewayDomain
import GatewayStore

/// Peers that met a rate or a limit of connected peers of late, for the overview: a device hears of neither.
struct LimitedPeers {
    /// How many are looked at.
    private static let most = 50
    /// Ids that one statement names.
    private static let mostAtOnce = 100

    /// Peers, by their names or addresses, whose handshakes are refused because others are connected.
    private(set) var refused: [(id: PeerID, title: String)] = []
    /// Of whose packets some exceeded a rate.
    private(set) var slowed: [String] = []

    init() {}

    init(_ evidence: [PeerEvidence]) {
        for peer in evidence {
            let codes = Set(peer.limitFindings.map(\.code))
            let title = peer.peer.name ?? "\(peer.peer.address)"
            if codes.contains(.connectedPeersExceeded) { refused.append((peer.peer.id, title)) }
            if codes.contains(.rateExceeded) { slowed.append(title) }
        }
    }

    /// Of these peers, which may be those of others, the first that the scope has. What is asked of the store grows with
    /// these hundreds of peers alone.
    static func evidence(
        of ids: [PeerID],
        in scope: Scope,
        at now: Timestamp,
        _ db: any SQLConnection,
        _ evidence: (Peer, Gateway) -> PeerEvidence
    ) throws -> [PeerEvidence] {
        let seen = try first(of: ids, in: scope, at: now, db)
        guard !seen.isEmpty, let page = Page(size: seen.count) else { return [] }
        var filter = PeerFilter()
        filter.ids = seen
        let peers = try Peers.list(in: scope, filter, at: now, page: page, db).elements
        let gateways = try Gateways.all(Set(peers.map(\.gatewayID)).sorted(), in: scope, db)
        let gateway = Dictionary(uniqueKeysWithValues: gateways.map { ($0.id, $0) })
        let ranks = Dictionary(uniqueKeysWithValues: seen.enumerated().map { ($1, $0) })
        let found = peers.sorted { ranks[$0.id] ?? 0 < ranks[$1.id] ?? 0 }
            .compactMap { peer in gateway[peer.gatewayID].map { evidence(peer, $0) } }
        let limits = try LimitSettings.bySubject(
            Array(Set(found.flatMap(\.limitSubjects))),
            db
        )
        return found.map { peer in
            var peer = peer
            peer.setLimits(limits)
            return peer
        }
    }

    /// In the same order.
    private static func first(
        of ids: [PeerID],
        in scope: Scope,
        at now: Timestamp,
        _ db: any SQLConnection
    ) throws -> [PeerID] {
        var found: [PeerID] = []
        var rest = ids[...]
        while !rest.isEmpty, found.count < most {
            let some = Array(rest.prefix(mostAtOnce))
            rest = rest.dropFirst(mostAtOnce)
            var filter = PeerFilter()
            filter.ids = some
            let seen = Set(
                try Peers.ids(in: scope, filter, order: .oldestFirst, at: now, db)
            )
            found += some.filter(seen.contains)
        }
        return Array(found.prefix(most))
    }
}
