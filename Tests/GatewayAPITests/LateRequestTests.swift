import GatewayDomain
import GatewayService
import GatewayStore
import HTTPTypes
import JSON
import ServiceTestSupport
import Testing

/// Between the head of a request, by which its caller is found, and the end of its body.
@Suite("A request whose caller changes while it is on its way")
struct LateRequestTests {
    @Test("what has begun before a user was deleted or its session ended is not carried out")
    func ended() async throws {
        let api = try await TestAPI()
        try await api.serve { client in
            let deleted = try await api.user(named: "ada", role: "owner", by: client)
            let ended = try await api.user(named: "bob", role: "owner", by: client)
            let renewed = try await api.user(named: "eve", role: "owner", by: client)
            for user in [deleted, ended, renewed] {
                try await api.makeNetwork(by: user.session.caller)
            }
            _ = try await client.delete("/v2/users/\(deleted.id)")
            _ = try await client.delete("/v2/sessions/\(ended.session.session.id)")
            let link = try await client.post("/v2/users/\(renewed.id)/invitation", "{}").data
            _ = try await api.accept(
                try #require(link["invitation_url"]?.text),
                Password(typed: "battery staple")
            )
            for user in [deleted, ended, renewed] {
                await #expect(throws: ServiceError.callerIsGone) {
                    try await api.makeNetwork(by: user.session.caller)
                }
            }
        }
    }

    @Test("what has begun before its key was revoked is not carried out, nor answered once more")
    func revoked() async throws {
        let api = try await TestAPI()
        try await api.serve { client in
            let made = try await client.post("/v2/api_keys", #"{"name":"k","role":"owner"}"#)
            let text = try #require(try made.data["api_key"]?.text)
            let caller = try #require(try await api.controlPlane.authenticate(bearer: text))
            let key = try #require(IdempotencyKey(key: "once", path: "/v2/networks"))
            func makeOnce() async throws -> Bool {
                try await api.controlPlane.perform(
                    once: key,
                    content: [],
                    by: caller,
                    response: { (_: Network) in StoredResponse(status: 200, text: "{}") }
                ) { .createNetwork(NewNetwork(reading: ["name": "n"])) }.isRepeated
            }
            #expect(try await makeOnce() == false)
            #expect(try await makeOnce())
            _ = try await client.delete("/v2/api_keys/\(try made.created(200))")
            await #expect(throws: ServiceError.callerIsGone) { _ = try await makeOnce() }
            await #expect(throws: ServiceError.callerIsGone) {
                try await api.makeNetwork(by: caller)
            }
        }
    }

    @Test("what has begun before a user was demoted or an organization was suspended is refused")
    func demoted() async throws {
        let api = try await TestAPI()
        try await api.serve { client in
            let user = try await api.user(named: "ada", role: "owner", by: client)
            _ = try await client.patch("/v2/users/\(user.id)", #"{"role":"viewer"}"#)
            await #expect(throws: ServiceError.callerIsGone) {
                try await api.makeNetwork(by: user.session.caller)
            }

            let text = try await api.addOrganization()
            let stranger = try #require(try await api.controlPlane.authenticate(bearer: text))
            let code = try await api.controlPlane.perform(
                .createSignInCode,
                by: stranger
            ).code
            _ = try await client.patch(
                "/v2/organizations/\(stranger.organizationID)",
                #"{"suspended":true}"#
            )
            await #expect(throws: ServiceError.organizationSuspended) {
                try await api.makeNetwork(by: stranger)
            }
            await #expect(throws: ServiceError.organizationSuspended) {
                _ = try await api.controlPlane.signIn(code: code, from: .test())
            }
        }
    }

    @Test("a link that signs in ends with the session that made it")
    func codes() async throws {
        let api = try await TestAPI()
        try await api.serve { client in
            func code(by session: NewSession) async throws -> SignInCode {
                try await api.controlPlane.perform(
                    .createSignInCode,
                    by: session.caller
                ).code
            }
            let user = try await api.user(named: "ada", by: client)
            let first = try await code(by: user.session)
            let second = try await api.signIn("ada")
            let other = try await code(by: second)
            let kept = try await code(by: try await api.signIn("ada"))
            _ = try await client.delete("/v2/sessions/\(user.session.session.id)")
            try await api.controlPlane.signOut(second.secret, requestID: "sign-out")
            for code in [first, other] {
                await #expect(throws: ServiceError.linkIsSpent) {
                    _ = try await api.controlPlane.signIn(code: code, from: .test())
                }
            }
            _ = try await api.controlPlane.signIn(code: kept, from: .test())
        }
    }
}

extension TestAPI {
    fileprivate func makeNetwork(by caller: Caller) async throws {
        _ = try await controlPlane.perform(
            .createNetwork(NewNetwork(reading: ["name": "n"])),
            by: caller
        )
    }
}
