package import GatewayDomain
import GatewayStore

package struct Bootstrap: Sendable {
    let store: Store
    let settings: InstallationSettings
    let masterKey: MasterKey
    let now: WallClock

    package func callAsFunction(firstKey: String?) async throws -> BootstrapResult {
        fatalError()
    }
}

package struct BootstrapResult: Sendable {
    package let organizationID: OrganizationID
    /// The first API key, if this call made one. It cannot be read again.
    package let madeKey: String?
}
