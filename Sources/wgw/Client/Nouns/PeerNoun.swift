import APIContract
import GatewayClient
import GatewayDomain
import WireGuardCrypto

enum PeerNoun: WatchedNoun {
    typealias Object = PeerAnswer
    typealias Kind = Peer

    static let word = "peer"
    static let resource = Resource.peers
    static let hasTable = true
    static let objectType = Event.ObjectType.peer
    static let deletion = "Delete peers: their sessions end, and their addresses become free."

    static func id(of peer: Answer) -> String { "\(peer.id)" }
    static func name(of peer: Answer) -> String? { peer.name }

    static func uses(of peers: [Answer], _ client: GatewayClient) async throws -> [String?] {
        peers.map { peer in
            let networks = peer.allowedIPs.map { "\($0)" }.joined(separator: ", ")
            let uses = [
                peer.isDefaultGateway ? "the default gateway of its network" : nil,
                networks.isEmpty ? nil : "the way to \(networks)",
            ].compactMap(\.self)
            return uses.isEmpty ? nil : uses.joined(separator: ", and ")
        }
    }

    static let placeColumn: String? = "gateway"

    static func queries(forName name: String) -> [ListQuery] { [ListQuery([("name", name)])] }

    /// For a person who has changed them.
    static let remarkOnNewKeys =
        "The peer has new keys: its earlier configs do not connect any more, and a connection with them ends."

    static let columns: [Column<Answer>] = [
        Column("name") { .text($0.name ?? "\($0.id)") },
        Column("address") { .text($0.address) },
        Column("gateway", needing: .gateways) { .text($1.name(of: $0.gatewayID)) },
        Column("latest-handshake", short: "handshake") { .time($0.latestHandshakeAt) },
        Column("received") { .bytes($0.rxBytes) },
        Column("sent") { .bytes($0.txBytes) },
        Column("config") { .state($0.configState.words, $0.configState.mood) },
        Column(
            "quota",
            needing: .usedUpQuotas,
            meaning:
                "what a quota that is used up does to the peer: its own, or that of its gateway or organization"
        ) { $1.quotas.effect(on: $0)?.cell ?? .none },
        Column("endpoint", wide: true) { .text($0.endpoint) },
        Column("id", wide: true) { .text($0.id) },
        Column("public-key", wide: true) { .text($0.publicKey.base64) },
        Column("keepalive", wide: true) { $0.persistentKeepalive.map { .number($0) } ?? .none },
        Column("allowed-ips", wide: true) {
            .list($0.allowedIPs)
        },
        Column("egress-received", wide: true) { .bytes($0.egressRxBytes) },
        Column("egress-sent", wide: true) { .bytes($0.egressTxBytes) },
        Column("created", wide: true) { .time($0.createdAt) },
    ]
}

extension Word<ConfigState> {
    fileprivate var words: String { text.replacing("_", with: " ") }

    fileprivate var mood: Cell.Mood {
        switch known {
        case .current: .good
        case .outdated: .bad
        case .neverFetched, nil: .plain
        }
    }
}
