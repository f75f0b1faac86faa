import APIContract
import GatewayClient
import GatewayDomain

enum ShareNoun: WatchedNoun {
    typealias Object = PeerShareAnswer
    typealias Kind = PeerShare

    static let word = "share"
    static let resource = Resource.shares
    static let objectType = Event.ObjectType.peerShare
    static let deletion = "Revoke links: they lead to nothing from then on."

    static func id(of share: Answer) -> String { "\(share.id)" }
    static func name(of share: Answer) -> String? { nil }

    static let columns: [Column<Answer>] = [
        Column("id") { .text($0.id) },
        Column("peer", of: \.peerID),
        Column("used") { .time($0.usedAt) },
        Column("expires") { .time($0.expiresAt) },
        Column("peer-id", wide: true) { .text($0.peerID) },
        Column("private-key", wide: true) { .text($0.hasPrivateKey ? "in the file" : "left out") },
        Column("full-tunnel", wide: true) { .text($0.isFullTunnel ? "yes" : "no") },
        Column("config-revision", wide: true) { .number(Int($0.configRevision)) },
        Column("created", wide: true) { .time($0.createdAt) },
    ]
}
