import GatewayDomain
import GatewayStore
import ServiceTestSupport
import Testing

@testable import GatewayService

@Suite("A lease")
struct LeaseTests {
    private let first = ServerID.random()
    private let second = ServerID.random()

    @Test("one server has a lease until it ends, and the next holder has a larger epoch")
    func ends() async throws {
        let fixture = try await ServiceFixture()
        let lease = try #require(try await fixture.lease(for: first))
        #expect(try await fixture.lease(for: second) == nil)
        fixture.clock.advance(seconds: 6)
        #expect(try await fixture.lease(for: first) == lease, "prolonged in time")
        fixture.clock.advance(seconds: 10)
        let next = try #require(try await fixture.lease(for: second))
        #expect(next.epoch > lease.epoch)
        #expect(try await fixture.lease(for: first) == nil)
    }

    @Test("who was late to prolong its lease has a new epoch, and what it began before is refused")
    func late() async throws {
        let fixture = try await ServiceFixture()
        let lease = try #require(try await fixture.lease(for: first))
        try await fixture.controlPlane.change { try $0.require(lease) }
        fixture.clock.advance(seconds: 10)
        await #expect(throws: LeaseLost.self) {
            try await fixture.controlPlane.change { try $0.require(lease) }
        }
        let next = try #require(try await fixture.lease(for: first))
        #expect(next.epoch == lease.epoch + 1)
        await #expect(throws: LeaseLost.self) {
            try await fixture.controlPlane.change { try $0.require(lease) }
        }
        try await fixture.controlPlane.change { try $0.require(next) }
    }

    @Test("work that takes longer than a lease renews it, and ends where another server has it")
    func renewed() async throws {
        let fixture = try await ServiceFixture()
        let lease = try #require(try await fixture.lease(for: first))
        fixture.clock.advance(seconds: 9)
        try await fixture.controlPlane.change { try $0.renew(lease, seconds: 10) }
        fixture.clock.advance(seconds: 9)
        #expect(try await fixture.lease(for: second) == nil)
        fixture.clock.advance(seconds: 1)
        _ = try #require(try await fixture.lease(for: second))
        await #expect(throws: LeaseLost.self) {
            try await fixture.controlPlane.change { try $0.renew(lease, seconds: 10) }
        }
    }

    @Test("a lease that is given back is free at once, and only its holder gives it back")
    func resigned() async throws {
        let fixture = try await ServiceFixture()
        let lease = try #require(try await fixture.lease(for: first))
        let others = Lease(name: lease.name, holder: second, epoch: lease.epoch)
        try await fixture.controlPlane.change { try $0.resign(others) }
        #expect(try await fixture.lease(for: second) == nil)
        try await fixture.controlPlane.change { try $0.resign(lease) }
        #expect(try await fixture.lease(for: second)?.epoch == lease.epoch + 1)
    }

    @Test("one of several servers discards what has expired, and another one when that is gone")
    func housekeeping() async throws {
        let fixture = try await ServiceFixture()
        let (first, second) = (fixture.otherServer(), fixture.otherServer())
        try await first.discardExpired()
        try await fixture.expiredCode()
        try await second.discardExpired()
        #expect(try await fixture.codes() == 1)
        fixture.clock.advance(seconds: 120)
        try await second.discardExpired()
        #expect(try await fixture.codes() == 0)
        try await fixture.expiredCode()
        try await first.discardExpired()
        #expect(try await fixture.codes() == 1)
        try await second.endLife()
        try await first.discardExpired()
        #expect(try await fixture.codes() == 0)
    }
}

extension ServiceFixture {
    fileprivate func lease(for server: ServerID) async throws -> Lease? {
        try await controlPlane.change { try $0.lease("chores", for: server, seconds: 10) }
    }

    fileprivate func expiredCode() async throws {
        let principal = caller.principal
        let organization = caller.organizationID
        let now = clock.now()
        try await store.write { db in
            try SignInCodes.insert(
                SignInCodes.StoredCode(
                    hash: [UInt8](repeating: 7, count: 32),
                    organizationID: organization,
                    principal: principal,
                    sessionID: nil,
                    expiresAt: now
                ),
                db
            )
        }
    }

    fileprivate func codes() async throws -> Int {
        try await store.read { try $0.number("SELECT count(*) AS value FROM sign_in_code") }
    }
}
