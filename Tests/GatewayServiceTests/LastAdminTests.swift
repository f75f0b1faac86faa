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
        let fixture = try await ServiceFixture(hasOwnKey: true)
        let first = try #require(try await fixture.keys().first)
        let network = try await fixture.network()
        _ = try await fixture.key { $0.role = .value(.owner) }
        _ = try await fixture.key {
            $0.expiresAt = .value(Timestamp("2099-01-31T00:00:00Z") ?? .distantFuture)
        }
        _ = try await fixture.key { $0.networkIDs = .value([.value(network.id)]) }
        await #expect(throws: ServiceError.lastAdmin) {
            _ = try await fixture.controlPlane.perform(.revokeAPIKey(first.id), by: fixture.caller)
        }
        #expect(try await fixture.keys().count == 5)
        let second = try await fixture.key()
        _ = try await fixture.controlPlane.perform(.revokeAPIKey(first.id), by: fixture.caller)
        await #expect(throws: ServiceError.lastAdmin) {
            _ = try await fixture.controlPlane.perform(.revokeAPIKey(second.id), by: fixture.caller)
        }
    }

    @Test("the organization of the last admin key is neither deleted nor suspended")
    func ofAnotherOrganization() async throws {
        let fixture = try await ServiceFixture(hasOwnKey: true)
        let first = try #require(try await fixture.keys().first)
        var request = NewOrganization()
        request.name = .value("other")
        let other = try await fixture.controlPlane.perform(
            .createOrganization(request),
            by: fixture.caller
        )
        let its = try await Caller.admin(
            of: other.id,
            at: fixture.clock.now(),
            in: fixture.store
        )
        _ = try await fixture.key(by: its)
        _ = try await fixture.controlPlane.perform(.revokeAPIKey(first.id), by: fixture.caller)
        await #expect(throws: ServiceError.lastAdmin) {
            _ = try await fixture.controlPlane.perform(
                .deleteOrganization(other.id),
                by: fixture.caller
            )
        }
        await #expect(throws: ServiceError.lastAdmin) {
            _ = try await fixture.suspend(other.id)
        }
        _ = try await fixture.key()
        _ = try await fixture.suspend(other.id)
        _ = try await fixture.controlPlane.perform(
            .deleteOrganization(other.id),
            by: fixture.caller
        )
    }

    @Test(
        "the operator's organization is neither deleted nor suspended by an admin of another one"
    )
    func operators() async throws {
        let fixture = try await ServiceFixture(hasOwnKey: true)
        let its = try await fixture.stranger()
        _ = try await fixture.key(by: its)
        let id = fixture.caller.organizationID
        await #expect(throws: ServiceError.operatorOrganization) {
            _ = try await fixture.controlPlane.perform(.deleteOrganization(id), by: its)
        }
        let problems = await fixture.problems { _ = try await fixture.suspend(id, by: its) }
        #expect(problems.map(\.pointer) == ["/suspended"])
    }

    @Test("of admin keys that all expire, as an older version allowed, the last one is not revoked")
    func ending() async throws {
        let fixture = try await ServiceFixture()
        let end = fixture.clock.now().advanced(bySeconds: 3_600)
        let second = try await fixture.key()
        try await fixture.store.write { db in
            _ = try db.execute("UPDATE api_key SET expires_at = \(end)")
        }
        _ = try await fixture.controlPlane.perform(.revokeAPIKey(second.id), by: fixture.caller)
        let first = try #require(try await fixture.keys().first)
        await #expect(throws: ServiceError.lastAdmin) {
            _ = try await fixture.controlPlane.perform(.revokeAPIKey(first.id), by: fixture.caller)
        }
    }
}

extension ServiceFixture {
    fileprivate func keys() async throws -> [APIKey] {
        try await controlPlane.listAPIKeys(page: .first, by: caller).elements
    }

    fileprivate func key(
        by caller: Caller? = nil,
        _ adjust: (inout NewAPIKey) -> Void = { _ in }
    ) async throws -> APIKey {
        var request = NewAPIKey()
        request.name = .value("k")
        request.role = .value(.admin)
        adjust(&request)
        return try await controlPlane.perform(.createAPIKey(request), by: caller ?? self.caller).key
    }

    fileprivate func suspend(
        _ id: OrganizationID,
        by caller: Caller? = nil
    ) async throws -> Organization {
        let change = OrganizationChange(reading: ["suspended": .bool(true)])
        return try await controlPlane.perform(
            .updateOrganization(id, change),
            by: caller ?? self.caller
        )
    }
}
