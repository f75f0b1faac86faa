package import GatewayDomain

/// Who asks: an organization, through one of its API keys.
package struct Caller: Hashable, Sendable {
    package let organizationID: OrganizationID
    package let keyID: APIKeyID

    package init(organizationID: OrganizationID, keyID: APIKeyID) {
        self.organizationID = organizationID
        self.keyID = keyID
    }
}
