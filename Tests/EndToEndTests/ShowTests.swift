import EndToEndSupport
import Foundation
import TestSupport
import Testing

extension ThroughTheGateway {
    struct ShowTests {
        private static func command(asUser user: Int, _ words: [String]) -> [String] {
            ["setpriv", "--reuid=\(user)", "--regid=\(user)", "--clear-groups", "env", "-i"]
                + ["PATH=/usr/bin:/bin", Program.binary.path] + words
        }

        @Test("root sees the gateways of another user, and a third user does not")
        func otherUsers() async throws {
            try await TemporaryDirectory.with { folder in
                let (user, stranger) = (65_531, 65_532)
                let name = "n\(ProcessInfo.processInfo.processIdentifier)"
                let file = folder.appending(path: "\(name).conf")
                let key = try HubPeer.word(of: Command.require("wg", "genkey"))
                try "[Interface]\nPrivateKey = \(key)\n".write(
                    to: file,
                    atomically: true,
                    encoding: .utf8
                )
                try Command.require("chmod", "-R", "a+rX", folder.path)
                let hub = try await BackgroundProcess.ready(
                    Self.command(asUser: user, ["hub", file.path]),
                    logs: folder,
                    name: "hub"
                )
                defer {
                    hub.kill()
                    try? FileManager.default.removeItem(atPath: "/tmp/wgw-\(user)")
                }
                let shown = try Command.require(Program.binary.path, "show", name, "private-key")
                #expect(shown == "\(key)\n")
                let words = ["show", name]
                #expect(try Command.run(Self.command(asUser: user, words)).status == 0)
                let refused = try Command.run(Self.command(asUser: stranger, words))
                #expect(refused.status == 1)
                #expect(refused.output.contains("this user may see"), "\(refused.output)")
            }
        }
    }
}
