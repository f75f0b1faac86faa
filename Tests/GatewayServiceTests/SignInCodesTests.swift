import GatewayDomain
import GatewayStore
import ServiceTestSupport
import Synchronization
import Testing

@testable import GatewayService

@Suite("The codes of links that sign in")
struct SignInCodesTests {
    private struct Refusal: Error {}

    @Test("a principal's oldest codes make room for its new ones, and no other principal's")
    func bound() async throws {
        let fixture = try await ServiceFixture()
        let other = try await fixture.code(of: try await fixture.stranger())
        var made: [SignInCode] = []
        for _ in 0..<SignInCode.most + 5 { made.append(try await fixture.code()) }
        for (index, code) in made.enumerated() {
            #expect(await fixture.signsIn(code) == (index >= 5))
        }
        #expect(await fixture.signsIn(other))
        #expect(await !fixture.signsIn(other))
    }

    @Test("codes end with their time, and those of a principal with its other sessions")
    func ends() async throws {
        let fixture = try await ServiceFixture()
        let first = try await fixture.code()
        fixture.clock.advance(seconds: SignInLink.lifetimeSeconds)
        #expect(await !fixture.signsIn(first))
        try await fixture.controlPlane.discardExpired()
        let left = try await fixture.store.read {
            try SignInCodes.candidates(forHash: first.hash, $0)
        }
        #expect(left.isEmpty)
        let second = try await fixture.code()
        _ = try await fixture.controlPlane.perform(.endOtherSessions, by: fixture.caller)
        #expect(await !fixture.signsIn(second))
    }

    @Test("a code that one server makes signs in at another one, once")
    func severalServers() async throws {
        let fixture = try await ServiceFixture()
        let other = fixture.otherServer()
        let code = try await fixture.code()
        _ = try await other.signIn(code: code, from: .service)
        #expect(await !fixture.signsIn(code))
    }

    @Test(
        "what a transaction does in memory is done after its commit, and not if it is rolled back"
    )
    func rolledBack() async throws {
        let fixture = try await ServiceFixture()
        let done = Mutex(0)
        for isRefused in [true, false] {
            try? await fixture.controlPlane.change { tx in
                tx.afterCommit.add { done.withLock { $0 += 1 } }
                if isRefused { throw Refusal() }
            }
            #expect(done.withLock(\.self) == (isRefused ? 0 : 1))
        }
    }
}

extension ServiceFixture {
    fileprivate func code(of caller: Caller? = nil) async throws -> SignInCode {
        try await controlPlane.perform(.createSignInCode, by: caller ?? self.caller).code
    }

    fileprivate func signsIn(_ code: SignInCode) async -> Bool {
        (try? await controlPlane.signIn(code: code, from: .service)) != nil
    }
}

extension SignInOrigin {
    fileprivate static let service = SignInOrigin(
        source: "192.0.2.1",
        userAgent: nil,
        requestID: "test"
    )
}
