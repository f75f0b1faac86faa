import APIContract
import GatewayAPI
import HTTPEdge
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import JSON
import Portal
import Testing

/// The reference of the API that `/docs` shows.
struct DocsTests {
    @Test("the reference has every operation of the document at its id, and needs no sign-in")
    func operations() async throws {
        try await TestPortal.run { portal in
            let page = try await portal.get("/docs")
            #expect(page.status == .ok)
            #expect(page.headers[.contentSecurityPolicy]?.contains("default-src 'none'") == true)
            let operations = try await portal.operations()
            #expect(operations.count > 50)
            for operation in operations {
                #expect(page.text.contains("id=\"\(operation)\""), "\(operation)")
            }
            let anchors = Set(page.text.matches(of: #/ id="([^"]+)"/#).map { String($0.output.1) })
            for link in page.text.matches(of: #/ href="\#([^"]+)"/#) {
                #expect(anchors.contains(String(link.output.1)), "\(link.output.1)")
            }
            #expect(!page.text.contains("style="))
            #expect(!page.text.contains("`"))
        }
    }

    @Test("the reference shows parameters, members with their types, who may, and both examples")
    func content() async throws {
        try await TestPortal.run { portal in
            let text = try await portal.get("/docs").text
            let start = try #require(text.firstRange(of: "id=\"createNetwork\""))
            let rest = text[start.upperBound...]
            let article = rest[..<(try #require(rest.firstRange(of: "</article>"))).lowerBound]
            for piece in [
                "<b>POST</b> <code>/v2/networks</code>",
                "curl -X POST &quot;$WGW_URL/v2/networks&quot; -H @wgw-key-header",
                "{&quot;name&quot;:&quot;office&quot;}", "wgw network create office",
                "This operation needs an API key with the role <code>member</code>",
                "<code>name</code> <span class=\"muted\">required</span>",
                "string, 1 to 255 characters", "<code>idempotency-key</code>",
                "<strong>422</strong>",
                "<a href=\"#schema-Network\">Network</a>",
            ] {
                #expect(article.contains(piece), "\(piece)")
            }
        }
    }

    @Test("each operation has a command in the reference, or a reason why there is none")
    func commands() async throws {
        try await TestPortal.run { portal in
            let operations = Set(try await portal.operations())
            let commands = Set(CommandExamples.all.keys)
            let without = Set(CommandExamples.without.keys)
            #expect(commands.isDisjoint(with: without))
            #expect(commands.union(without) == operations)
        }
    }

    @Test("every error code has its place on the page of errors")
    func errors() async throws {
        try await TestPortal.run { portal in
            let page = try await portal.get("/docs/errors").text
            for code in ErrorCode.allCases {
                #expect(page.contains("<div id=\"\(code.rawValue)\">"))
            }
        }
    }

    @Test("a browser that has the reference is told so, and one that takes gzip gets it shorter")
    func kept() async throws {
        try await TestPortal.run { portal in
            for path in ["/docs", "/docs/errors"] {
                let page = try await portal.get(path)
                let tag = try #require(page.headers[.eTag])
                #expect(page.headers[.cacheControl] == "no-cache")
                for known in [tag, "\"other\", \(tag)", "*", String(tag.dropFirst(2))] {
                    let again = try await portal.get(path, [.ifNoneMatch: known])
                    #expect(again.status == .notModified, "\(path) \(known)")
                    #expect(again.body.readableBytes == 0)
                    #expect(again.headers[.eTag] == tag)
                    #expect(again.headers[.contentSecurityPolicy] != nil)
                }
                let other = try await portal.get(path, [.ifNoneMatch: "W/\"other\""])
                #expect(other.status == .ok && other.text == page.text)
                let packed = try await portal.get(path, [.acceptEncoding: "gzip"])
                #expect(packed.headers[.contentEncoding] == "gzip")
                #expect(packed.headers[.vary] == "accept-encoding")
                #expect(packed.body.readableBytes < page.body.readableBytes)
            }
            let tags = [
                try await portal.get("/docs").headers[.eTag],
                try await portal.get("/docs/errors").headers[.eTag],
            ]
            #expect(tags[0] != tags[1])
        }
    }
}
