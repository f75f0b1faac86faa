package import GatewayDomain

/// What is not as the operator may think who gave an API key in the settings.
package enum InstallationNotice: Equatable, Sendable {
    case givenKeyIsRevoked(Timestamp)
    /// It is known, but its role, its restriction, its end or its organization stands in the way.
    case givenKeyIsNoAdmin(APIKeyID)
    case earlierKeyWorks(APIKeyID, since: Timestamp)
    /// It is known, but its row of the database cannot be read.
    case givenKeyIsDamaged
}

extension InstallationNotice: CustomStringConvertible {
    package var description: String {
        switch self {
        case .givenKeyIsRevoked(let time):
            """
            the API key of the settings was revoked at \(time) and stays revoked; set another one, or \
            leave the setting out
            """
        case .givenKeyIsNoAdmin(let id):
            """
            the API key of the settings is known as \(id), and is not a usable key of an admin; set \
            another one to have an admin's key made of it
            """
        case .givenKeyIsDamaged:
            """
            the API key of the settings is known, but its row of the database is damaged; set another \
            one to have an admin's key made of it
            """
        case .earlierKeyWorks(let id, let time):
            """
            the API key \(id), which an earlier start made at \(time), still works beside the one of \
            the settings; if it should not, revoke it: DELETE /v2/api_keys/\(id)
            """
        }
    }
}
