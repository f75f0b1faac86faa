import APIContract
import GatewayClient
import GatewayDomain

enum UserNoun: WatchedNoun {
    typealias Object = UserAnswer
    typealias Kind = User

    static let word = "user"
    static let resource = Resource.users
    static let objectType = Event.ObjectType.user
    static let deletion = "Delete users: their sessions end at once."

    static func id(of user: Answer) -> String { "\(user.id)" }
    static func name(of user: Answer) -> String? { user.name }
    static func queries(forName name: String) -> [ListQuery] { [ListQuery([("name", name)])] }

    static let columns: [Column<Answer>] = [
        Column("name") { .text($0.name) },
        Column("role") { .text($0.role.text) },
        Column("networks") { $0.networkIDs.map { .number($0.count) } ?? .text("all") },
        Column("state") { $0.hasPassword ? .state("active", .good) : .text("invited") },
        Column("last-sign-in") { .time($0.lastSignInAt) },
        Column("invited-until", wide: true) { .time($0.invitationExpiresAt) },
        Column("id", wide: true) { .text($0.id) },
        Column("created", wide: true) { .time($0.createdAt) },
        Column("updated", wide: true) { .time($0.updatedAt) },
    ]
}
