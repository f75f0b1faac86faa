/// An API key or a user: who acts, by whichever of its credentials, and what limits are counted for.
package enum Principal: Hashable, Sendable {
    case apiKey(APIKeyID)
    case user(UserID)

    package var kind: PrincipalKind {
        switch self {
        case .apiKey: .apiKey
        case .user: .user
        }
    }

    /// Ids are random, so that no API key has that of a user.
    package var id: PrincipalID {
        switch self {
        case .apiKey(let id): PrincipalID(uuid: id.uuid)
        case .user(let id): PrincipalID(uuid: id.uuid)
        }
    }
}

package enum PrincipalKind: String, CaseIterable, Sendable {
    case apiKey = "api_key"
    case user
}
