package import GatewayDomain
import GatewayStore

package struct Authenticate: Sendable {
    let store: Store

    package func callAsFunction(bearer: String) async throws -> Caller? {
        fatalError()
    }
}
