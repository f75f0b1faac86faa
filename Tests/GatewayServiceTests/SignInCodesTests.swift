import GatewayDomain
import GatewayStore
import ServiceTestSupport
import Testing

@testable import GatewayService

@Suite("The codes of links that sign in")
struct SignInCodesTests {
    private struct Refusal: Error {}

    @Test("a principal's oldest codes make room for its new ones, and no other principal's")
    func bound() async throws {
        let fixture = try await ServiceFixture()
        let other = try await fixture.stranger()
        let codes = SignInCodes()
        let now = fixture.clock.now()
        let end = now.advanced(bySeconds: 900)
        let kept = SignInCode.random()
        codes.add(kept, of: other, until: end, at: now)
        var made: [SignInCode] = []
        for _ in 0..<3_000 {
            let code = SignInCode.random()
            codes.add(code, of: fixture.caller, until: end, at: now)
            made.append(code)
        }
        let valid = made.filter { codes.use($0, at: now) != nil }
        #expect(valid.map(\.text) == made.suffix(SignInCodes.most).map(\.text))
        #expect(codes.use(kept, at: now)?.principal == other.principal)
        #expect(codes.use(kept, at: now) == nil)
    }

    @Test("codes that have ended are forgotten, and those of a principal with its end")
    func ends() async throws {
        let fixture = try await ServiceFixture()
        let codes = SignInCodes()
        let now = fixture.clock.now()
        let (first, second) = (SignInCode.random(), SignInCode.random())
        codes.add(first, of: fixture.caller, until: now.advanced(bySeconds: 1), at: now)
        codes.add(second, of: fixture.caller, until: now.advanced(bySeconds: 9), at: now)
        #expect(codes.use(first, at: now.advanced(bySeconds: 1)) == nil)
        codes.forgetCodes(of: fixture.caller.principal)
        #expect(codes.use(second, at: now) == nil)
    }

    @Test(
        "what a transaction does in memory is done after its commit, and not if it is rolled back"
    )
    func rolledBack() async throws {
        let fixture = try await ServiceFixture()
        let codes = fixture.controlPlane.signInCodes
        let code = SignInCode.random()
        for isRefused in [true, false] {
            let verb = Verb<Void>(requiring: .role(.viewer)) { tx, caller in
                let now = tx.time
                tx.afterCommit.add {
                    codes.add(code, of: caller, until: now.advanced(bySeconds: 9), at: now)
                }
                if isRefused { throw Refusal() }
            }
            try? await fixture.controlPlane.perform(verb, by: fixture.caller)
            let isThere = codes.use(code, at: fixture.clock.now()) != nil
            #expect(isThere != isRefused)
        }
    }
}
