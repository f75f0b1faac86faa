package import GatewayDomain

/// Who looks at a page, as the page names them. What they may do, the API decides.
package struct Visitor: Sendable {
    let name: String
    let role: Role
    /// To single networks.
    let isRestricted: Bool
    /// The name of theirs.
    let organization: String

    package init(name: String, role: Role, isRestricted: Bool, organization: String) {
        self.name = name
        self.role = role
        self.isRestricted = isRestricted
        self.organization = organization
    }
}
