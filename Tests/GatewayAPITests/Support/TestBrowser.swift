import GatewayDomain
import GatewayService
import HTTPTypes
import JSON
import Testing

/// Speaks like a page of the portal: sends the cookie of a session, and says where the request comes from.
struct TestBrowser: Sendable {
    static let source = "192.0.2.7"

    let client: TestClient
    let secret: String
    var site: String? = "same-origin"

    func get(_ path: String) async throws -> TestAnswer {
        try await client.send(.get, path, headers: headers)
    }

    func send(_ method: TestMethod, _ path: String, _ body: String? = nil) async throws
        -> TestAnswer
    {
        try await client.send(method, path, body.map { Array($0.utf8) }, headers: headers)
    }

    func with(site: String?) -> TestBrowser {
        TestBrowser(client: client, secret: secret, site: site)
    }

    private var headers: HTTPFields {
        var headers: HTTPFields = [.cookie: "theme=dark; wgw_session=\(secret)"]
        if let site { headers[.fetchSite] = site }
        return headers
    }
}

extension HTTPField.Name {
    static var fetchSite: HTTPField.Name { HTTPField.Name("sec-fetch-site") ?? .accept }
    static var actingFor: HTTPField.Name { HTTPField.Name("x-wgw-organization") ?? .accept }
}

extension SignInOrigin {
    static func test(
        source: String = TestBrowser.source,
        replacing secret: SessionSecret? = nil
    ) -> SignInOrigin {
        SignInOrigin(
            source: source,
            userAgent: "Mozilla/5.0 (X11; Linux x86_64)",
            requestID: "sign-in",
            replacing: secret
        )
    }
}

extension TestAPI {
    static let password = Password(typed: "correct horse")

    /// The router asks for a loopback address by plain HTTP, so that the cookie has its short name.
    func browser(_ session: NewSession, _ client: TestClient) -> TestBrowser {
        TestBrowser(client: client.with(key: nil), secret: session.secret.text)
    }

    /// Makes a user, who accepts the invitation.
    func user(
        named name: String,
        role: String = "viewer",
        _ members: String = "",
        of organization: String? = nil,
        by client: TestClient
    ) async throws -> (id: String, session: NewSession) {
        let made = try await client.send(
            .post,
            "/v2/users",
            Array(#"{"name":"\#(name)","role":"\#(role)"\#(members)}"#.utf8),
            headers: organization.map { [.actingFor: $0] } ?? [:]
        )
        let id = try made.created(200)
        return (id, try await accept(try #require(try made.data["invitation_url"]?.text)))
    }

    func accept(_ url: String, _ password: Password = TestAPI.password) async throws -> NewSession {
        let secret = try #require(url.split(separator: "/").last)
        return try await controlPlane.acceptInvitation(
            behind: LinkSecret(String(secret)),
            password: password,
            from: .test()
        )
    }

    func signIn(
        _ name: String,
        _ password: Password = TestAPI.password,
        from origin: SignInOrigin = .test()
    ) async throws -> NewSession {
        try await controlPlane.signIn(name: name, password: password, from: origin)
    }
}
