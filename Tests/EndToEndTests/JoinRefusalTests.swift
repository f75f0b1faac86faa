import EndToEndSupport
import Foundation
import TestSupport
import Testing

/// Join tokens that let no machine in, and machines that are not let in with a good one.
@Suite(.timeLimit(.minutes(5)))
struct JoinRefusalTests {
    /// A machine that would be a node, with its data in a folder of its own.
    private struct Machine {
        let folder: URL

        func join(
            _ token: String,
            _ words: [String] = [],
            clock: ShiftedClock? = nil
        ) throws -> Command.Result {
            let environment = clock?.environment ?? []
            return try Command.run(
                ["env", "-i", "PATH=/usr/bin:/bin"] + environment + [
                    Program.binary.path, "node", "--join", token, "--data-dir",
                    folder.appending(path: "node").path,
                ] + words
            )
        }
    }

    private static func token(_ server: LoopbackServer, _ words: [String]) throws -> String {
        let words = ["node"] + words + ["-o", "json"]
        let made = try Command.require(
            [
                "env", "-i", "PATH=/usr/bin:/bin", "HOME=\(server.folder.path)",
                "WGW_URL=\(server.base.absoluteString)", "WGW_API_KEY=\(Program.apiKey)",
                Program.binary.path,
            ] + words
        )
        return String(try #require(made.firstMatch(of: /wgw-join-1[^"]*/)).0)
    }

    private static let newNode = [
        "create", "edge", "--region", "local", "--endpoint-address", "192.0.2.7",
    ]

    /// The same token, as if another server had made it.
    private static func token(_ text: String, shownTo server: LoopbackServer) throws -> String {
        var parts = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        try #require(parts.count == 5)
        parts[1] = Data(server.base.absoluteString.utf8).base64EncodedString()
            .replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
        return parts.joined(separator: ".")
    }

    private static func expect(_ result: Command.Result, _ status: Int32, _ sentence: String) {
        #expect(result.status == status, "\(result.output)")
        #expect(result.output.contains(sentence), "\(result.output)")
    }

    @Test("a join token that is expired, or of another installation, lets no machine join")
    func tokens() async throws {
        try await TemporaryDirectory.with { folder in
            let machine = Machine(folder: folder)
            var token = ""
            try await LoopbackServer.run(in: folder) { server in
                token = try Self.token(server, Self.newNode)
            }
            try await LoopbackServer.run { other in
                let shown = try Self.token(token, shownTo: other)
                Self.expect(
                    try machine.join(shown),
                    4,
                    "No node of this server has this join token. It was not copied whole"
                )
            }
            // Later on the same day.
            let clock = try ShiftedClock(secondsAhead: 24 * 60 * 60, in: folder)
            try await LoopbackServer.run(in: folder, environment: clock.environment) { server in
                let shown = try Self.token(token, shownTo: server)
                Self.expect(
                    try machine.join(shown, clock: clock),
                    4,
                    "The join token has expired. Ask an admin of the server for a new one"
                )
            }
        }
    }

    @Test(
        "a machine of another region, or with a clock that is a year off, does not join, and uses no token up"
    )
    func machines() async throws {
        try await LoopbackServer.run { server in
            let machine = Machine(folder: server.folder)
            let token = try Self.token(server, Self.newNode)
            Self.expect(
                try machine.join(token, ["--region", "far"]),
                1,
                "The join token is for a node of local, and not of far"
            )
            for (years, word) in [(1, "ahead of"), (-1, "behind")] {
                let clock = try ShiftedClock(
                    secondsAhead: years * ShiftedClock.year,
                    in: server.folder
                )
                let refused = try machine.join(token, clock: clock)
                Self.expect(refused, 1, "days \(word) that of the server")
                #expect(refused.output.contains(/The clock of the node is 36[456] days/))
            }
            let node = try await BackgroundProcess.ready(
                [
                    "env", "-i", "PATH=/usr/bin:/bin", Program.binary.path, "node", "--join", token,
                    "--data-dir", server.folder.appending(path: "node").path,
                    "--region", "local", "--bind-address", "127.0.0.1",
                ],
                logs: server.folder,
                name: "node"
            )
            #expect(try await node.stop() == 0)
        }
    }
}
