import GatewayDomain
import GatewayService
import ServiceTestSupport

extension ServiceFixture {
    func key(
        role: Role,
        networks: [NetworkID]? = nil,
        by caller: Caller? = nil
    ) async throws -> CreatedAPIKey {
        var request = NewAPIKey()
        request.name = .value("k")
        request.role = .value(role)
        if let networks { request.networkIDs = .value(networks.map { .value($0) }) }
        return try await controlPlane.perform(.createAPIKey(request), by: caller ?? self.caller)
    }
}
