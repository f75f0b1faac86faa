/// A person who signs in by name and password, as it is kept: everything but the password's hash.
package struct User: Equatable, Sendable {
    package let id: UserID
    package let organizationID: OrganizationID
    /// No two users of the installation have names that differ in upper and lower case alone.
    package var name: String
    package var role: Role
    /// The networks that the user sees; nil for all of the organization's.
    package var networkIDs: Set<NetworkID>?
    /// False until the user has accepted the first invitation.
    package var hasPassword: Bool
    /// When the link of the last invitation ends; nil where it was used, or there was none.
    package var invitationExpiresAt: Timestamp?
    package var lastSignInAt: Timestamp?
    package let createdAt: Timestamp
    package var updatedAt: Timestamp

    package init(
        id: UserID,
        organizationID: OrganizationID,
        name: String,
        role: Role,
        networkIDs: Set<NetworkID>? = nil,
        hasPassword: Bool = false,
        invitationExpiresAt: Timestamp? = nil,
        lastSignInAt: Timestamp? = nil,
        createdAt: Timestamp,
        updatedAt: Timestamp
    ) {
        self.id = id
        self.organizationID = organizationID
        self.name = name
        self.role = role
        self.networkIDs = networkIDs
        self.hasPassword = hasPassword
        self.invitationExpiresAt = invitationExpiresAt
        self.lastSignInAt = lastSignInAt
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }

    package var scope: Scope {
        Scope(organizationID: organizationID, networkIDs: networkIDs)
    }

    /// As the name is kept and shown: in one normalization form (RFC 8265 section 3.4).
    package static func normalizedName(_ name: String) -> String { name.precomposed }

    /// By which a user is found, whatever the case and the width of what was typed (RFC 8265 section 3.3).
    package static func lookupName(_ name: String) -> String {
        let scalars = name.unicodeScalars.map(narrow)
        let lowercased = String(String.UnicodeScalarView(scalars)).lowercased()
        // One letter has two small forms, of which one stands at the end of words (Unicode's CaseFolding.txt).
        return lowercased.replacing("\u{3C2}", with: "\u{3C3}").precomposed
    }

    /// The letter of ASCII that a keyboard for wide ones has written so.
    private static func narrow(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        switch scalar.value {
        case 0xFF01...0xFF5E: Unicode.Scalar(UInt8(scalar.value - 0xFEE0))
        case 0x3000: " "
        default: scalar
        }
    }

    /// How long the link of an invitation may be open.
    package static let invitationSeconds = 600...30 * 86_400
    package static let defaultInvitationSeconds = 3 * 86_400
}
