import GatewayDomain

/// Whom an operation is for.
enum Access: Sendable {
    case everybody
    case anyKey
    /// This role, or one that may do more.
    case role(Role)
    /// The same, with a key that is not restricted to single networks.
    case unrestricted(Role)

    var isGuarded: Bool {
        guard case .everybody = self else { return true }
        return false
    }

    /// The last sentence of an operation's description.
    var sentence: String {
        switch self {
        case .everybody: "This operation needs no API key."
        case .anyKey: "This operation needs an API key of any role."
        case .role(let role): "This operation needs an API key with \(Self.roles(role))."
        case .unrestricted(.viewer):
            "This operation needs an API key of any role. The key must not be restricted to single networks."
        case .unrestricted(let role):
            "This operation needs an API key with \(Self.roles(role)) that is not restricted to single networks."
        }
    }

    /// The role and those above it.
    private static func roles(_ least: Role) -> String {
        let names = Role.allCases.filter { $0 >= least }.map { "`\($0.rawValue)`" }
        guard let last = names.last, names.count > 1 else { return "the role \(names.joined())" }
        return "the role \(names.dropLast().joined(separator: ", ")) or \(last)"
    }
}
