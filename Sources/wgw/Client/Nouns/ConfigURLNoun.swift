import APIContract
import GatewayClient
import GatewayDomain

enum ConfigURLNoun: Noun {
    typealias Object = PeerConfigURLAnswer

    static let word = "config-url"
    static let phrase = "config URL"
    static let resource = Resource<PeerConfigURLAnswer>("wireguard_peers")

    static func id(of url: Answer) -> String { "\(url.id)" }
    static func name(of url: Answer) -> String? { nil }

    static let columns: [Column<Answer>] = [
        Column("id") { .text($0.id) },
        Column("peer-id") { .text($0.peerID) },
        Column("created") { .time($0.createdAt) },
    ]
}
