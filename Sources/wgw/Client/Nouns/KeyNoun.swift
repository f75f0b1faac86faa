import APIContract
import GatewayClient
import GatewayDomain

enum KeyNoun: WatchedNoun {
    typealias Object = APIKeyAnswer
    typealias Kind = APIKey

    static let word = "key"
    static let phrase = "API key"
    static let resource = Resource.apiKeys
    static let objectType = Event.ObjectType.apiKey
    static let deletion = "Revoke API keys: they are refused from the next request on."

    static func id(of key: Answer) -> String { "\(key.id)" }
    static func name(of key: Answer) -> String? { key.name }

    static let columns: [Column<Answer>] = [
        Column("name") { .text($0.name) },
        Column("role") { .text($0.role.text) },
        Column("networks") { $0.networkIDs.map { .number($0.count) } ?? .text("all") },
        Column("last-used") { .time($0.lastUsedAt) },
        Column("expires") { .time($0.expiresAt) },
        Column("prefix", wide: true) { .text($0.prefix) },
        Column("id", wide: true) { .text($0.id) },
        Column("created", wide: true) { .time($0.createdAt) },
    ]
}
