import GatewayDomain
import GatewayStore

/// Peers that met a rate or a limit of connected peers of late, for the overview: a device hears of neither.
struct LimitedPeers {
    /// How many are looked up, which may be those of others.
    static let mostAsked = 500
    /// How many of these are looked at.
    private static let most = 50

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

    /// Of these peers those that the scope has, the first of them.
    static func evidence(
        of ids: [PeerID],
        in scope: Scope,
        _ db: any SQLConnection,
        _ evidence: (Peer, Gateway) -> PeerEvidence
    ) throws -> [PeerEvidence] {
        var found: [PeerEvidence] = []
        for id in ids where found.count < most {
            guard let peer = try Peers.find(id, in: scope, reading: .forDeletion, db),
                let gateway = try Gateways.find(
                    peer.gatewayID,
                    in: scope,
                    reading: .forDeletion,
                    db
                )
            else { continue }
            var peerEvidence = evidence(peer, gateway)
            try peerEvidence.readLimits(db)
            found.append(peerEvidence)
        }
        return found
    }
}
