import EndToEndSupport
import Foundation
import TestSupport
import Testing

/// People, their browsers, and the links by which both come in.
@Suite(.timeLimit(.minutes(5)))
struct UserCommandTests {
    @Test("users are made, changed, invited again and deleted by name")
    func users() async throws {
        try await ClientWorld.run { world in
            let made = try world.wgw("user", "create", "Ada", "--role", "owner")
            #expect(made.status == 0, "\(made.output)")
            #expect(
                made.masked.replacing(/invitations\/\S+/, with: "invitations/SECRET") == """
                    name:          Ada
                    role:          owner
                    networks:      all
                    state:         invited
                    last-sign-in:  -
                    invited-until: TIME
                    id:            ID
                    created:       TIME
                    updated:       TIME
                    invitation:    http://ADDRESS:PORT/invitations/SECRET

                    """
            )
            let list = try world.wgw("user", "list")
            #expect(!list.output.contains("invitations/"))
            #expect(list.output.contains("Ada   owner  all       invited"))
            let renamed = try world.require("user", "update", "Ada", "--name", "Eve", "-o", "name")
            #expect(renamed == "Eve\n")
            let limited = try world.wgw("user", "update", "Eve", "--network", "office")
            #expect(limited.output.contains("networks:      1\n"))
            let freed = try world.wgw("user", "update", "Eve", "--all-networks")
            #expect(freed.output.contains("networks:      all\n"))
            let invited = try world.wgw("user", "invite", "Eve", "--expires", "1h", "-o", "jsonl")
            #expect(invited.output.contains(#""invitation_url":"http://127.0.0.1:"#))
            #expect(try world.wgw("user", "invite", "Eve", "--expires", "1m").status == 2)
            #expect(try world.wgw("user", "update", "Eve").status == 2)
            #expect(try world.wgw("user", "create", "eVE").status == 5)
            #expect(try world.wgw("user", "get", "Ada").status == 3)
            #expect(
                try world.require("user", "delete", "--yes", "Eve") == "user 'Eve' is deleted\n"
            )
        }
    }

    @Test("wgw portal prints a link, and a terminal's first start does so too")
    func portal() async throws {
        try await ClientWorld.run { world in
            let link = try world.require("portal")
            #expect(link.contains(/^http:\/\/127\.0\.0\.1:\d+\/sign-in\?code=[A-Za-z0-9_-]{43}\n$/))
            let json = try world.require("portal", "-o", "jsonl")
            #expect(json.contains(#"{"record_type":"sign_in_code","url":"http://127.0.0.1:"#))
            #expect(try world.wgw("portal", "--open", "-o", "json").status == 2)
            #expect(try world.require("session", "list", "--no-header") == "")
            #expect(try world.wgw("session", "delete", "--yes").status == 2)
            #expect(try world.wgw("session", "delete", "--yes", "x").status == 2)
            let unknown = "6a09e667-f3bc-4908-b2fb-1366ea957d3e"
            #expect(try world.wgw("session", "delete", "--yes", unknown).status == 3)
        }
    }

    @Test("a link of wgw portal signs one browser in, which wgw session lists and ends")
    func sessions() async throws {
        try await ClientWorld.run { world in
            let link = try world.require("portal").trimmingCharacters(in: .newlines)
            let code = try #require(link.split(separator: "=").last)
            let base = world.server.base.absoluteString
            let own = ["--header", "Sec-Fetch-Site: same-origin", "--header", "Accept: text/html"]
            let curl = ["curl", "--silent", "--include"]
            // Looking at the link uses nothing up, and a form of another site does nothing.
            #expect(try Command.run(curl + [link]).output.hasPrefix("HTTP/1.1 200 "))
            let form = ["--data", "code=\(code)", "\(base)/sign-in"]
            #expect(try Command.run(curl + form).output.hasPrefix("HTTP/1.1 403 "))
            let signedIn = try Command.run(curl + own + form).output
            #expect(signedIn.hasPrefix("HTTP/1.1 303 "), "\(signedIn)")
            let cookie = try #require(
                signedIn.firstMatch(
                    of:
                        /(?i)set-cookie: (wgw_session=\S{43}); Path=\/; Max-Age=\d+; HttpOnly; SameSite=Strict\r\n/
                )
            ).output.1
            #expect(try !Command.run(curl + own + form).output.contains("wgw_session="))

            let whoami = ["--header", "Cookie: \(cookie)", "\(base)/v2/whoami"]
            #expect(try Command.run(curl + whoami).output.contains(#""kind":"api_key""#))
            let id = try world.require("session", "list", "-q").trimmingCharacters(in: .newlines)
            let list = try world.wgw("session", "list", "-o", "wide")
            #expect(list.output.contains("127.0.0.1") && list.output.contains("curl/"))
            let narrow = try world.screen(80, "session", "list")
            #expect(narrow.contains(/\S{36} +\w+ key +127\.0\.0\.1/))
            let ended = try world.require("session", "delete", "--yes", id)
            #expect(ended == "session \(id) has ended\n")
            #expect(try Command.run(curl + whoami).output.hasPrefix("HTTP/1.1 401 "))
        }
    }
}
