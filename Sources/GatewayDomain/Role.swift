/// What an API key or a user may do. Each role may do all that the ones before it may.
package enum Role: String, CaseIterable, Comparable, Sendable {
    /// Reads.
    case viewer
    /// Changes networks, gateways and peers.
    case member
    /// Manages the organization's API keys and users.
    case owner
    /// Manages organizations, and acts in any of them.
    case admin

    package static func < (left: Role, right: Role) -> Bool {
        left.rank < right.rank
    }

    private var rank: Int {
        switch self {
        case .viewer: 0
        case .member: 1
        case .owner: 2
        case .admin: 3
        }
    }
}
