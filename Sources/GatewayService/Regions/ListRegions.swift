package import GatewayDomain
import GatewayStore

package struct ListRegions: Sendable {
    let store: Store
    let settings: InstallationSettings

    package func callAsFunction(by caller: Caller) async throws -> [Region] {
        fatalError()
    }
}
