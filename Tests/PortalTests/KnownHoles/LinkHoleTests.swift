import HTTPTypes
import HummingbirdTesting
import ServiceTestSupport
import Testing

@Suite("Holes of other portals: links")
struct LinkHoleTests {
    @Test("no link can be guessed: each has 128 random bits at least, and nothing of its object")
    func guessable() async throws {
        try await TestPortal.run { portal in
            let worlds = [
                try await HoleWorld(portal, name: "first"),
                try await HoleWorld(portal, name: "second"),
            ]
            for front in worlds[0].links.keys {
                let (first, second) = (worlds[0].links[front] ?? "", worlds[1].links[front] ?? "")
                for (secret, world) in zip([first, second], worlds) {
                    // Six bits a letter.
                    #expect(secret.wholeMatch(of: /[A-Za-z0-9_-]{22,43}/) != nil, "\(front)")
                    #expect(Set(secret).count > 8, "\(front)\(secret)")
                    #expect(!world.objects.values.contains { secret.contains($0.prefix(8)) })
                }
                // By chance once in 16 million: two of one maker have nothing in common.
                #expect(first.prefix(4) != second.prefix(4), "\(front)")
            }
        }
    }

    @Test("a one-time link is not used up by what only looks at it, and then works once")
    func preview() async throws {
        try await TestPortal.run { portal in
            let world = try await HoleWorld(portal)
            for (front, form) in [
                ("/shares/", ""), ("/sign-in?code=", "code="),
                ("/invitations/", "password=correct+horse&repetition=correct+horse"),
            ] {
                let secret = try #require(world.links[front])
                let link = front + secret
                let before = try await portal.revision()
                for _ in 0..<3 {
                    #expect(try await portal.get(link, [.userAgent: "Slackbot"]).status == .ok)
                    #expect(try await portal.head(link).status == .ok)
                    let options = try await portal.client.execute(uri: link, method: .options)
                    #expect(options.status == .noContent)
                }
                #expect(try await portal.revision() == before, "\(front)")
                let path = String(link.prefix { $0 != "?" })
                let full = form == "code=" ? form + secret : form
                #expect(try await portal.post(path, full).status.code < 400, "\(front)")
                #expect(try await portal.post(path, full).status == .gone, "\(front)")
            }
        }
    }

    @Test("every one-time link ends by itself, and none can be made to last")
    func endless() async throws {
        try await TestPortal.run { portal in
            let world = try await HoleWorld(portal)
            // A newer invitation ends the one before it, so the links that were made last are asked for.
            var links: [String] = []
            for (path, longest) in [
                (
                    "/v2/wireguard_peers/\(world.objects["wireguard_peers"] ?? "")/shares",
                    31 * 86_400
                ),
                ("/v2/users/\(world.objects["users"] ?? "")/invitation", 31 * 86_400),
            ] {
                for end in ["0", "\(longest)", "1e12", "\"never\"", "-1"] {
                    let answer = try await portal.ask(.post, path, #"{"expires_in":\#(end)}"#)
                    #expect(answer.status == .unprocessableContent, "\(path) \(end)")
                }
                for body in ["{}", #"{"expires_in":null}"#] {
                    let made = try await portal.ask(.post, path, body)
                    #expect(made.text.contains(/expires_at":"20/), "\(path) \(body)")
                    if body == "{}" { continue }
                    let link = try #require(
                        made.text.firstMatch(of: /\/(?:shares|invitations)\/[\w-]+/)
                    )
                    links.append(String(link.output))
                }
            }
            for link in links { #expect(try await portal.get(link).status == .ok, "\(link)") }
            portal.clock.advance(seconds: 31 * 86_400)
            for link in links {
                let status = try await portal.get(link).status
                #expect([.gone, .notFound].contains(status), "\(link)")
            }
            let code = try await portal.post(
                "/sign-in",
                "code=\(world.links["/sign-in?code="] ?? "")"
            )
            #expect(code.status == .gone)
            let cookie = world.links["cookie "] ?? ""
            let session = try await portal.get("/peers", [.cookie: "wgw_session=\(cookie)"])
            #expect(session.status == .seeOther)
        }
    }
}
