import GatewayDomain
import GatewayService
import GatewayStore
import HTTPTypes
import JSON
import ServiceTestSupport
import Testing

@Suite("Signing in")
struct SignInTests {
    @Test("a user signs in by name, in upper or lower case, and password")
    func byPassword() async throws {
        let api = try await TestAPI()
        try await api.serve { client in
            let user = try await api.user(named: "Ada", role: "member", by: client)
            let again = try await api.signIn("aDA")
            #expect(again.secret.text != user.session.secret.text)
            #expect(again.secret.text.utf8.count == 43)
            let browser = api.browser(again, client)
            let caller = try await browser.get("/v2/whoami").data
            #expect(
                caller.names == [
                    "record_type", "kind", "id", "name", "role", "organization_id", "network_ids",
                    "expires_at",
                ]
            )
            #expect(caller["kind"] == "user")
            #expect(caller["id"]?.text == user.id)
            #expect(caller["name"] == "Ada")
            #expect(caller["role"] == "member")
            #expect(caller["network_ids"] == .null)
            #expect(isTimestamp(caller["expires_at"]))
            #expect(
                isTimestamp(try await client.get("/v2/users/\(user.id)").data["last_sign_in_at"])
            )
        }
    }

    @Test("an unknown user, a wrong password and a user without one are refused in the same words")
    func refusals() async throws {
        let api = try await TestAPI()
        try await api.serve { client in
            _ = try await api.user(named: "ada", by: client)
            _ = try await client.post("/v2/users", #"{"name":"new","role":"viewer"}"#).created(200)
            for (name, password) in [
                ("ada", "wrong horse"), ("ghost", "correct horse"), ("new", "correct horse"),
                ("new", ""), ("", ""),
            ] {
                await #expect(throws: ServiceError.signInRefused) {
                    _ = try await api.signIn(name, Password(typed: password))
                }
            }
            let counts = api.controlPlane.signInCounts.all
            #expect(counts.value(.password, .refused) == 5)
            #expect(counts.value(.invitation, .done) == 1)
            let metrics = try await client.get("/metrics").text
            #expect(
                metrics.contains(
                    #"wgw_sign_ins_total{method="password",outcome="refused"} 5"#
                )
            )
        }
    }

    @Test("a name longer than any user has is refused, and not remembered with its attempts")
    func longName() async throws {
        let api = try await TestAPI()
        let name = String(repeating: "a", count: 256)
        for number in 1...11 {
            await #expect(throws: ServiceError.signInRefused) {
                _ = try await api.signIn(name, from: .test(source: "198.51.100.\(number)"))
            }
        }
    }

    @Test("an API key signs in, and a wrong one does not")
    func byKey() async throws {
        let api = try await TestAPI()
        try await api.serve { client in
            let session = try await api.controlPlane.signIn(apiKey: TestAPI.key, from: .test())
            let caller = try await api.browser(session, client).get("/v2/whoami").data
            #expect(caller["kind"] == "api_key")
            #expect(caller["name"] == "first key")
            #expect(caller["role"] == "admin")
            await #expect(throws: ServiceError.signInRefused) {
                _ = try await api.controlPlane.signIn(apiKey: "KEYwrong", from: .test())
            }
            let made = try await client.post("/v2/api_keys", #"{"name":"k","role":"viewer"}"#)
            let text = try #require(try made.data["api_key"]?.text)
            let mortal = try await api.controlPlane.signIn(apiKey: text, from: .test())
            let browser = api.browser(mortal, client)
            #expect(try await browser.get("/v2/networks").status == 200)
            _ = try await client.delete("/v2/api_keys/\(try made.created(200))")
            #expect(try await browser.get("/v2/networks").status == 401)
        }
    }

    @Test("a link signs one browser in, once and for some minutes, as the one who asked for it")
    func byCode() async throws {
        let api = try await TestAPI()
        try await api.serve { client in
            func code() async throws -> SignInCode {
                let made = try await client.post("/v2/sign_in_codes", "{}")
                let url = try #require(try made.data["url"]?.text)
                #expect(url.hasPrefix("http://localhost/sign-in?code="))
                return SignInCode(String(try #require(url.split(separator: "=").last)))
            }
            let first = try await code()
            let session = try await api.controlPlane.signIn(code: first, from: .test())
            let caller = try await api.browser(session, client).get("/v2/whoami").data
            #expect(caller["name"] == "first key")
            for spent in [first, SignInCode("unknown")] {
                await #expect(throws: ServiceError.linkIsSpent) {
                    _ = try await api.controlPlane.signIn(code: spent, from: .test())
                }
            }
            let late = try await code()
            api.clock.advance(seconds: SignInLink.lifetimeSeconds)
            await #expect(throws: ServiceError.linkIsSpent) {
                _ = try await api.controlPlane.signIn(code: late, from: .test())
            }
            let taken = try await code()
            #expect(try await client.delete("/v2/sessions").data.count == 1)
            await #expect(throws: ServiceError.linkIsSpent) {
                _ = try await api.controlPlane.signIn(code: taken, from: .test())
            }
        }
    }

    @Test("the first start offers a link until a browser has signed in")
    func firstCode() async throws {
        let api = try await TestAPI()
        let offered = try #require(try await api.controlPlane.makeFirstSignInCode())
        #expect(try await api.controlPlane.makeFirstSignInCode() != nil)
        let session = try await api.controlPlane.signIn(code: offered.code, from: .test())
        #expect(session.caller.role == .admin)
        #expect(try await api.controlPlane.makeFirstSignInCode() == nil)
    }

    @Test("a sign-in begins a new session and ends the one that the browser had")
    func fixation() async throws {
        let api = try await TestAPI()
        try await api.serve { client in
            let user = try await api.user(named: "ada", by: client)
            let planted = try await api.controlPlane.signIn(apiKey: TestAPI.key, from: .test())
            let session = try await api.signIn(
                "ada",
                from: .test(replacing: planted.secret)
            )
            #expect(session.secret.text != planted.secret.text)
            #expect(session.session.id != planted.session.id)
            #expect(try await api.browser(planted, client).get("/v2/whoami").status == 401)
            let caller = try await api.browser(session, client).get("/v2/whoami").data
            #expect(caller["id"]?.text == user.id)
        }
    }

    @Test(
        "attempts for one user are limited from unknown addresses, and a known one is not shut out"
    )
    func perUser() async throws {
        let api = try await TestAPI()
        try await api.serve { client in
            _ = try await api.user(named: "ada", by: client)
            func guess(_ number: Int) async throws {
                _ = try await api.signIn(
                    "ada",
                    Password(typed: "wrong horse"),
                    from: .test(source: "198.51.100.\(number)")
                )
            }
            for number in 1...10 {
                await #expect(throws: ServiceError.signInRefused) { try await guess(number) }
            }
            await #expect(throws: ServiceError.tooManySignIns(waitSeconds: 10)) {
                try await guess(11)
            }
            // A name that does not exist is limited like one that does.
            for number in 1...10 {
                await #expect(throws: ServiceError.signInRefused) {
                    _ = try await api.signIn("ghost", from: .test(source: "203.0.113.\(number)"))
                }
            }
            await #expect(throws: ServiceError.tooManySignIns(waitSeconds: 10)) {
                _ = try await api.signIn("ghost", from: .test(source: "203.0.113.99"))
            }
            _ = try await api.signIn("ada")
            api.clock.advance(seconds: 10)
            _ = try await api.signIn("ada", from: .test(source: "198.51.100.99"))
        }
    }

    @Test("attempts from one address are limited over all users")
    func perSource() async throws {
        let api = try await TestAPI()
        for number in 1...30 {
            await #expect(throws: ServiceError.signInRefused) {
                _ = try await api.signIn("user \(number)")
            }
        }
        await #expect(throws: ServiceError.tooManySignIns(waitSeconds: 1)) {
            _ = try await api.signIn("another")
        }
        await #expect(throws: ServiceError.signInRefused) {
            _ = try await api.signIn("another", from: .test(source: "198.51.100.1"))
        }
        // A right key has no limit.
        for _ in 0..<40 {
            _ = try? await api.controlPlane.signIn(apiKey: "KEYwrong", from: .test())
        }
        _ = try await api.controlPlane.signIn(apiKey: TestAPI.key, from: .test())
    }

    @Test("an address at which a user has no session any more is that of a stranger")
    func forgottenAddress() async throws {
        let api = try await TestAPI()
        try await api.serve { client in
            _ = try await api.user(named: "ada", by: client)
            func exhaust() async throws {
                for number in 1...11 {
                    _ = try? await api.signIn(
                        "ada",
                        Password(typed: "wrong horse"),
                        from: .test(source: "198.51.100.\(number)")
                    )
                }
            }
            try await exhaust()
            _ = try await api.signIn("ada")
            api.clock.advance(seconds: Session.idleSeconds)
            try await exhaust()
            let error = await #expect(throws: ServiceError.self) { _ = try await api.signIn("ada") }
            guard case .tooManySignIns = error else {
                Issue.record("an ended session makes its address familiar")
                return
            }
        }
    }

    @Test("a user whom strangers shut out signs in from another IPv6 address of a known network")
    func familiarNetwork() async throws {
        let api = try await TestAPI()
        try await api.serve { client in
            _ = try await api.user(named: "ada", by: client)
            _ = try await api.signIn("ada", from: .test(source: "2001:db8:0:7::1"))
            for number in 1...11 {
                _ = try? await api.signIn(
                    "ada",
                    Password(typed: "wrong horse"),
                    from: .test(source: "198.51.100.\(number)")
                )
            }
            _ = try await api.signIn("ada", from: .test(source: "2001:db8:0:7:9d1c::42"))
            let error = await #expect(throws: ServiceError.self) {
                _ = try await api.signIn("ada", from: .test(source: "2001:db8:0:8::1"))
            }
            guard case .tooManySignIns = error else {
                Issue.record("the address of another network is familiar")
                return
            }
        }
    }

    @Test("a user signs in whatever keyboard has typed name and password")
    func keyboards() async throws {
        let api = try await TestAPI()
        try await api.serve { client in
            let made = try await client.post(
                "/v2/users",
                #"{"name":"Jo\u0308rg","role":"viewer"}"#
            )
            let url = try #require(try made.data["invitation_url"]?.text)
            #expect(try Array(#require(made.data["name"]?.text).utf8) == Array("J\u{F6}rg".utf8))
            _ = try await api.accept(url, Password(typed: "scho\u{308}nes Wetter"))
            _ = try await api.signIn("J\u{D6}RG", Password(typed: "sch\u{F6}nes\u{A0}Wetter"))
            let again = try await client.post("/v2/users", #"{"name":"j\u00f6rg","role":"viewer"}"#)
            #expect(try again.problems == ["10012 /name"])
        }
    }

    @Test("accepted invitations count as attempts to sign in")
    func countedInvitations() async throws {
        let api = try await TestAPI()
        try await api.serve { client in
            let user = try await api.user(named: "ada", by: client)
            func accept() async throws {
                let made = try await client.post("/v2/users/\(user.id)/invitation", "{}")
                _ = try await api.accept(try #require(try made.data["invitation_url"]?.text))
            }
            for _ in 0..<9 { try await accept() }
            await #expect(throws: ServiceError.tooManySignIns(waitSeconds: 10)) {
                try await accept()
            }
        }
    }

    @Test("an invitation shows whom it is for, sets the password once, and is void afterwards")
    func invitation() async throws {
        let api = try await TestAPI()
        try await api.serve { client in
            let made = try await client.post("/v2/users", #"{"name":"Ada","role":"owner"}"#)
            let url = try #require(try made.data["invitation_url"]?.text)
            #expect(url.hasPrefix("http://localhost/invitations/"))
            #expect(try made.data["has_password"] == .bool(false))
            let secret = LinkSecret(String(try #require(url.split(separator: "/").last)))
            for _ in 0..<2 {
                let user = try await api.controlPlane.invitedUser(behind: secret, from: .test())
                #expect(user.name == "Ada")
            }
            for text in [
                "short", String(repeating: "x", count: 257), "          ", "\u{3000} \u{A0}       ",
                "correct\u{0}horse", "correct\nhorse",
            ] {
                let error = await #expect(throws: ServiceError.self) {
                    _ = try await api.accept(url, Password(typed: text))
                }
                guard case .invalid(let problems) = error else {
                    Issue.record("\(text.prefix(9)) was taken")
                    continue
                }
                #expect(problems.map(\.pointer) == ["/new_password"])
            }
            _ = try await api.accept(url)
            let id = try made.created(200)
            let shown = try await client.get("/v2/users/\(id)").data
            #expect(shown["has_password"] == .bool(true))
            #expect(shown["invitation_expires_at"] == .null)
            await #expect(throws: ServiceError.linkIsSpent) { _ = try await api.accept(url) }

            // A forgotten password: the old one is valid until the new link is used.
            let first = try await client.post("/v2/users/\(id)/invitation", "{}").data
            let second = try await client.post(
                "/v2/users/\(id)/invitation",
                #"{"expires_in":600}"#
            ).data
            await #expect(throws: ServiceError.linkIsSpent) {
                _ = try await api.accept(try #require(first["invitation_url"]?.text))
            }
            let old = try await api.signIn("ada")
            let new = Password(typed: "battery staple")
            _ = try await api.accept(try #require(second["invitation_url"]?.text), new)
            #expect(try await api.browser(old, client).get("/v2/whoami").status == 401)
            await #expect(throws: ServiceError.signInRefused) { _ = try await api.signIn("ada") }
            _ = try await api.signIn("ada", new)

            let late = try await client.post("/v2/users/\(id)/invitation", "{}").data
            api.clock.advance(seconds: Int64(User.defaultInvitationSeconds))
            await #expect(throws: ServiceError.linkIsSpent) {
                _ = try await api.accept(try #require(late["invitation_url"]?.text))
            }
        }
    }

    @Test("the users of a suspended organization cannot sign in, nor go on")
    func suspended() async throws {
        let api = try await TestAPI()
        try await api.serve { client in
            let organization = try await client.post("/v2/organizations", #"{"name":"o"}"#)
                .created(200)
            let owner = try await api.user(
                named: "ada",
                role: "owner",
                of: organization,
                by: client
            )
            let browser = api.browser(owner.session, client)
            #expect(try await browser.get("/v2/networks").status == 200)
            _ = try await client.patch(
                "/v2/organizations/\(organization)",
                #"{"suspended":true}"#
            )
            let refused = try await browser.get("/v2/networks")
            #expect(refused.status == 403)
            #expect(try refused.problems == ["20012"])
            await #expect(throws: ServiceError.organizationSuspended) {
                _ = try await api.signIn("ada")
            }
            #expect(try await client.delete("/v2/organizations/\(organization)").status == 200)
            #expect(try await browser.get("/v2/networks").status == 401)
        }
    }
}

extension [SignInCounts.Count] {
    fileprivate func value(
        _ method: SignInCounts.Method,
        _ outcome: SignInCounts.Outcome
    ) -> UInt64? {
        first { $0.method == method && $0.outcome == outcome }?.value
    }
}
