import APIContract
import GatewayDomain
import GatewayService
import GatewayStore
import JSON
import ServiceTestSupport
import Testing

@Suite("The last key of an admin")
struct LastAdminTests {
    @Test(
        "the last admin key is not revoked, however many keys expire, are restricted or may do less"
    )
    func revocation() async throws {
        let bench = try await ServiceFixture()
        let first = try #require(try await bench.keys().first)
        let network = try await bench.network()
        _ = try await bench.key { $0.role = .value(.owner) }
        _ = try await bench.key {
            $0.expiresAt = .value(Timestamp("2099-01-31T00:00:00Z") ?? .distantFuture)
        }
        _ = try await bench.key { $0.networkIDs = .value([.value(network.id)]) }
        await #expect(throws: ServiceError.lastAdminKey) {
            _ = try await bench.services.perform(.revokeAPIKey(first.id), by: bench.caller)
        }
        #expect(try await bench.keys().count == 4)
        let second = try await bench.key()
        _ = try await bench.services.perform(.revokeAPIKey(first.id), by: bench.caller)
        await #expect(throws: ServiceError.lastAdminKey) {
            _ = try await bench.services.perform(.revokeAPIKey(second.id), by: bench.caller)
        }
    }

    @Test("the organization of the last admin key is neither deleted nor suspended")
    func ofAnotherOrganization() async throws {
        let bench = try await ServiceFixture()
        let first = try #require(try await bench.keys().first)
        var request = NewOrganization()
        request.name = .value("other")
        let other = try await bench.services.perform(.createOrganization(request), by: bench.caller)
        let its = Caller.admin(of: other.id, at: bench.clock.now())
        _ = try await bench.key(by: its)
        _ = try await bench.services.perform(.revokeAPIKey(first.id), by: bench.caller)
        await #expect(throws: ServiceError.lastAdminKey) {
            _ = try await bench.services.perform(.deleteOrganization(other.id), by: bench.caller)
        }
        await #expect(throws: ServiceError.lastAdminKey) {
            _ = try await bench.suspend(other.id)
        }
        _ = try await bench.key()
        _ = try await bench.suspend(other.id)
        _ = try await bench.services.perform(.deleteOrganization(other.id), by: bench.caller)
    }

    @Test(
        "the operator's organization is neither deleted nor suspended by an admin of another one"
    )
    func operators() async throws {
        let bench = try await ServiceFixture()
        let its = try await bench.stranger()
        _ = try await bench.key(by: its)
        let id = bench.caller.organizationID
        await #expect(throws: ServiceError.operatorOrganization) {
            _ = try await bench.services.perform(.deleteOrganization(id), by: its)
        }
        let problems = await bench.problems { _ = try await bench.suspend(id, by: its) }
        #expect(problems.map(\.pointer) == ["/suspended"])
    }

    @Test("of admin keys that all expire, as an older version allowed, the last one is not revoked")
    func ending() async throws {
        let bench = try await ServiceFixture()
        let end = bench.clock.now().advanced(bySeconds: 3_600)
        let second = try await bench.key()
        try await bench.store.write { db in
            _ = try db.execute("UPDATE api_key SET expires_at = \(end)")
        }
        _ = try await bench.services.perform(.revokeAPIKey(second.id), by: bench.caller)
        let first = try #require(try await bench.keys().first)
        await #expect(throws: ServiceError.lastAdminKey) {
            _ = try await bench.services.perform(.revokeAPIKey(first.id), by: bench.caller)
        }
    }
}

extension ServiceFixture {
    fileprivate func keys() async throws -> [APIKey] {
        try await services.listAPIKeys(page: .first, by: caller).elements
    }

    fileprivate func key(
        by caller: Caller? = nil,
        _ adjust: (inout NewAPIKey) -> Void = { _ in }
    ) async throws -> APIKey {
        var request = NewAPIKey()
        request.name = .value("k")
        request.role = .value(.admin)
        adjust(&request)
        return try await services.perform(.createAPIKey(request), by: caller ?? self.caller).key
    }

    fileprivate func suspend(
        _ id: OrganizationID,
        by caller: Caller? = nil
    ) async throws -> Organization {
        let change = OrganizationChange(reading: ["suspended": .bool(true)])
        return try await services.perform(
            .updateOrganization(id, change),
            by: caller ?? self.caller
        )
    }
}
