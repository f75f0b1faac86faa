/// What may be seen of an installation: one organization's objects, all of them or those of single
/// networks.
package struct Scope: Hashable, Sendable {
    package let organizationID: OrganizationID
    /// Nil for all networks.
    package let networkIDs: Set<NetworkID>?

    package init(organizationID: OrganizationID, networkIDs: Set<NetworkID>? = nil) {
        self.organizationID = organizationID
        self.networkIDs = networkIDs
    }
}
