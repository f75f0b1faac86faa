import EndToEndSupport
import Foundation
import Glibc
import TestSupport
import Testing

/// The receiver of README.md, as readers run it, and the program that sends to it.
@Suite("Webhooks end to end", .timeLimit(.minutes(3)))
struct WebhookEndToEndTests {
    private static let allowing = ["--webhook-allow", "127.0.0.0/8"]

    @Test("the receiver of README.md takes what the server sends, and nothing else")
    func receiver() async throws {
        try await ClientWorld.run(Self.allowing) { world in
            // Its port is known once it runs, which takes the secret.
            let secret = try world.require(
                "webhook",
                "create",
                "alerts",
                "--to",
                "http://127.0.0.1:9/",
                "--disabled",
                "-q"
            ).trimmingCharacters(in: .whitespacesAndNewlines)
            #expect(secret.hasPrefix("whsec_"))
            let receiver = try await Receiver(secret: secret, in: world.userFolder)
            try world.require(
                "webhook",
                "update",
                "alerts",
                "--to",
                receiver.url,
                "--enable-sending",
                "-q"
            )
            let tested = try world.require("webhook", "test", "alerts", "-o", "json")
            #expect(tested.contains("\"status\": 204"), "\(tested)")
            #expect(receiver.output.contains(#""type":"webhook.test""#))

            let network = try await world.server.api.createNetwork("told")
            let isTold = try await eventually {
                receiver.output.contains(#""type":"network.created""#)
            }
            #expect(isTold && receiver.output.contains(network.id))
            let isListed = try await eventually {
                try world.require("webhook", "deliveries", "alerts").contains("network.created")
            }
            #expect(isListed)

            // Without the secret, nothing is taken.
            let forged = try Command.run(
                "curl",
                "-sS",
                "-o",
                "/dev/null",
                "-w",
                "%{http_code}",
                "-d",
                "{}",
                "-H",
                "webhook-id: 1",
                "-H",
                "webhook-timestamp: \(time(nil))",
                "-H",
                "webhook-signature: v1,AAAA",
                receiver.url
            )
            #expect(forged.output == "401")
            try world.require("webhook", "rotate", "alerts", "--old-expires", "0s", "-q")
            let refused = try world.wgw("webhook", "test", "alerts")
            #expect(refused.status == 1 && refused.output.contains("status 401"))
        }
    }

    @Test("an event whose delivery a kill of the server cut off is delivered after the next start")
    func killed() async throws {
        try await TemporaryDirectory.with { folder in
            let target = try TargetSocket(answering: .nothing)
            var (network, secret) = ("", "")
            try await LoopbackServer.runUntilKilled(Self.allowing, in: folder) { server in
                secret = try Self.wgw(
                    server,
                    "webhook",
                    "create",
                    "alerts",
                    "--to",
                    "http://127.0.0.1:\(target.port)/",
                    "--events",
                    "network.*",
                    "-q"
                )
                network = try await server.api.createNetwork("told").id
                let isUnderWay = try await eventually { !target.requests.isEmpty }
                #expect(isUnderWay)
            }
            let receiver = try await Receiver(secret: secret, in: folder)
            try await LoopbackServer.run(Self.allowing, in: folder) { server in
                _ = try Self.wgw(server, "webhook", "update", "alerts", "--to", receiver.url, "-q")
                let isTold = try await eventually { receiver.output.contains(network) }
                #expect(isTold, "\(receiver.output) \(server.errors)")
            }
        }
    }

    @Test("a webhook to a private address is refused where the operator does not allow it")
    func privateTarget() async throws {
        try await ClientWorld.run { world in
            let refused = try world.wgw(
                "webhook",
                "create",
                "x",
                "--to",
                "https://169.254.169.254/latest"
            )
            #expect(refused.status != 0 && refused.output.contains("--webhook-allow"))
            try world.require("webhook", "create", "y", "--to", "https://localhost/", "-q")
            let tested = try world.wgw("webhook", "test", "y")
            #expect(tested.status == 1 && tested.output.contains("--webhook-allow"))
        }
    }

    private static func wgw(_ server: LoopbackServer, _ words: String...) throws -> String {
        try Command.require(
            [
                "env", "-i", "PATH=/usr/bin:/bin", "HOME=\(server.folder.path)",
                "WGW_URL=\(server.base.absoluteString)", "WGW_API_KEY=\(Program.apiKey)",
                Program.binary.path,
            ] + words
        ).trimmingCharacters(in: .whitespacesAndNewlines)
    }
}

/// The lines of README.md in Python.
private final class Receiver {
    private let process: BackgroundProcess
    let url: String

    private static let repository = URL(filePath: #filePath).resolvingSymlinksInPath()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    init(secret: String, in folder: URL) async throws {
        let readme = try String(
            contentsOf: Self.repository.appending(path: "README.md"),
            encoding: .utf8
        )
        let begin = try #require(readme.range(of: "```python\n")).upperBound
        let end = try #require(readme.range(of: "\n```", range: begin..<readme.endIndex)).lowerBound
        let file = folder.appending(path: "receiver.py")
        try readme[begin..<end].write(to: file, atomically: true, encoding: .utf8)
        let process = try BackgroundProcess(
            ["env", "WEBHOOK_SECRET=\(secret)", "PORT=0", "python3", file.path],
            logs: folder,
            name: "receiver"
        )
        let port = try await eventual {
            process.output.firstMatch(of: /listening at port (\d+)\n/)?.1
        }
        self.process = process
        url = "http://127.0.0.1:\(try #require(port, "\(process.errors)"))/"
    }

    var output: String { process.output }
}
