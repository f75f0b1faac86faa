import EndToEndSupport
import GatewayDomain
import NetAddress
import Synchronization
import Testing

@testable import WebhookClient

@Suite(.timeLimit(.minutes(2)))
struct WebhookSenderTests {
    private static func sender(
        _ allowed: String...,
        timeLimit: Duration = .seconds(60),
        addresses: [String] = [],
        lookUps: LookUpCount = LookUpCount(),
        own: String? = nil
    ) throws -> WebhookSender {
        let prefixes = try allowed.map { try IPPrefix($0) }
        let found = addresses.compactMap { IPAddress($0) }
        return WebhookSender(
            targets: WebhookTargets(allowed: prefixes),
            userAgent: "wgw/test",
            timeLimit: timeLimit,
            lookUp: { _ in
                lookUps.count()
                return found
            },
            isOwn: { "\($0)" == own }
        )
    }

    private static func request(_ url: String) throws -> WebhookRequest {
        WebhookRequest(
            url: try WebhookURL(url),
            headers: [("webhook-id", "7")],
            body: #"{"id":"7"}"#
        )
    }

    @Test("a webhook is sent to an address that was looked up once, under the name of its URL")
    func pinning() async throws {
        let receiver = try TargetSocket(answering: .status("204 No Content"))
        let lookUps = LookUpCount()
        let sender = try Self.sender(
            "127.0.0.1",
            addresses: ["127.0.0.1"],
            lookUps: lookUps
        )
        let url = "http://target.invalid:\(receiver.port)/path?a=b"
        let reply = await sender.send(try Self.request(url))
        #expect(reply == .status(204, text: ""))
        let sent = try #require(receiver.requests.first)
        #expect(sent.hasPrefix("POST /path?a=b HTTP/1.1\r\n"))
        let lines = sent.lowercased().split(separator: "\r\n")
        #expect(lines.contains("host: target.invalid:\(receiver.port)"))
        #expect(lines.contains("content-type: application/json"))
        #expect(lines.contains("webhook-id: 7"))
        #expect(lines.contains("user-agent: wgw/test"))
        #expect(sent.hasSuffix(#"{"id":"7"}"#))
        #expect(lookUps.value == 1)
    }

    @Test(
        "a webhook whose name has a private address is sent nowhere",
        arguments: ["127.0.0.1", "169.254.169.254", "::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1"]
    )
    func privateName(address: String) async throws {
        let receiver = try TargetSocket(answering: .status("200 OK"))
        let sender = try Self.sender(addresses: [address])
        for scheme in ["http", "https"] {
            let url = "\(scheme)://target.invalid:\(receiver.port)/"
            guard case .none(let reason) = await sender.send(try Self.request(url)) else {
                Issue.record("\(address) was sent to")
                continue
            }
            // What it is, is nothing to a tenant.
            #expect(!reason.contains(address), "\(reason)")
            // The host may be the secret of a URL, and the operator reads the reason.
            #expect(!reason.contains("target.invalid"), "\(reason)")
            #expect(reason.contains("is not an address of the Internet"), "\(reason)")
        }
        #expect(receiver.requests.isEmpty)
    }

    @Test("a webhook is not sent to a public address of the server, unless the operator names it")
    func ownAddress() async throws {
        // Nothing is sent to it: the look-up is what it has in common with the server.
        let url = "https://8.8.8.8/"
        let reply = await (try Self.sender(own: "8.8.8.8")).send(try Self.request(url))
        guard case .none(let reason) = reply else {
            Issue.record("was sent")
            return
        }
        #expect(reason.contains("is one of this installation itself"), "\(reason)")
        let receiver = try TargetSocket(answering: .status("204 No Content"))
        let allowing = try Self.sender("127.0.0.1", own: "127.0.0.1")
        let allowed = await allowing.send(try Self.request("http://127.0.0.1:\(receiver.port)/"))
        #expect(allowed == .status(204, text: ""))
    }

    @Test(
        "nothing is sent to an address of which cannot be told yet whether it is the server's own"
    )
    func unknownAddress() async throws {
        let sender = WebhookSender(
            targets: WebhookTargets(allowed: []),
            userAgent: "wgw/test",
            isOwn: { _ in nil }
        )
        let reply = await sender.send(try Self.request("https://8.8.8.8/"))
        guard case .none(let reason) = reply else {
            Issue.record("was sent")
            return
        }
        #expect(reason.contains("cannot be told yet") && !reason.contains("8.8.8.8"), "\(reason)")
    }

    @Test("of the addresses of a name, those that are private are left out")
    func mixedName() async throws {
        let receiver = try TargetSocket(answering: .status("200 OK"))
        let sender = try Self.sender("127.0.0.2", addresses: ["127.0.0.1", "127.0.0.2"])
        // Nothing listens at the second one.
        let url = "http://target.invalid:\(receiver.port)/"
        let reply = await sender.send(try Self.request(url))
        #expect(reply == .none("nothing listens there"))
        #expect(receiver.requests.isEmpty)
    }

    @Test("a redirect of a webhook's target is its answer, and is not followed")
    func redirect() async throws {
        let other = try TargetSocket(answering: .status("200 OK"))
        let receiver = try TargetSocket(
            answering: .status("302 Found", ["Location: http://127.0.0.1:\(other.port)/"])
        )
        let sender = try Self.sender("127.0.0.1")
        let reply = await sender.send(try Self.request("http://127.0.0.1:\(receiver.port)/"))
        #expect(reply == .status(302, text: ""))
        #expect(other.requests.isEmpty)
    }

    @Test("of what a webhook's target answers, the beginning is shown, without controls")
    func longAnswer() async throws {
        let body = "no\u{1b}[31m\r\n room " + String(repeating: "x", count: 1 << 20)
        let receiver = try TargetSocket(answering: .status("500 Oh", [], body))
        let sender = try Self.sender("127.0.0.1")
        let reply = await sender.send(try Self.request("http://127.0.0.1:\(receiver.port)/"))
        guard case .status(500, let text) = reply else {
            Issue.record("\(reply)")
            return
        }
        #expect(text.hasPrefix("no [31m room xxx") && text.count == 121)
        #expect(receiver.requests.count == 1)
    }

    @Test("a target of a webhook that does not answer is waited for as long as the limit says")
    func silence() async throws {
        let receiver = try TargetSocket(answering: .nothing)
        let sender = try Self.sender("127.0.0.1", timeLimit: .seconds(1))
        let reply = await sender.send(try Self.request("http://127.0.0.1:\(receiver.port)/"))
        guard case .none(let reason) = reply else {
            Issue.record("\(reply)")
            return
        }
        #expect(reason.contains("no answer"))
        #expect(receiver.requests.count == 1)
    }

    @Test("a webhook over TLS is not sent to what speaks none")
    func plainTarget() async throws {
        let receiver = try TargetSocket(answering: .status("200 OK"))
        let sender = try Self.sender("127.0.0.1", timeLimit: .seconds(3))
        let reply = await sender.send(try Self.request("https://127.0.0.1:\(receiver.port)/"))
        // Not gone before.
        #expect(receiver.requests.isEmpty)
        guard case .none = reply else {
            Issue.record("\(reply)")
            return
        }
    }
}

/// How often a name was looked up.
final class LookUpCount: Sendable {
    private let state = Mutex(0)

    var value: Int { state.withLock(\.self) }

    func count() { state.withLock { $0 += 1 } }
}
