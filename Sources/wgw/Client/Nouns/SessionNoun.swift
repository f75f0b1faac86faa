import APIContract
import GatewayClient
import GatewayDomain

enum SessionNoun: Noun {
    typealias Object = SessionAnswer

    static let word = "session"
    static let resource = Resource.sessions

    static func id(of session: Answer) -> String { "\(session.id)" }
    static func name(of session: Answer) -> String? { nil }

    static let columns: [Column<Answer>] = [
        Column("id") { .text($0.id) },
        Column("who", needing: .principals) { session, book in
            let id = session.userID.map { "\($0)" } ?? session.apiKeyID.map { "\($0)" }
            return .text(id.map { book.name(of: $0) })
        },
        Column("source") { .text($0.source) },
        Column("last-used", short: "used") { .time($0.lastUsedAt) },
        Column("expires", wide: true) { .time($0.expiresAt) },
        Column("browser", wide: true) { .text($0.userAgent) },
        Column("created", wide: true) { .time($0.createdAt) },
        Column("user-id", wide: true) { session in session.userID.map { .text($0) } ?? .none },
        Column("key-id", wide: true) { session in session.apiKeyID.map { .text($0) } ?? .none },
    ]
}
