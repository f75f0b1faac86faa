import EndToEndSupport
import Foundation
import Glibc
import TestSupport
import Testing

/// The line between a node and a server whose certificate no authority has signed.
@Suite(
    .enabled(
        if: TLSWorld.canRun || ContinuousIntegration.isOn,
        "skipped: openssl and curl are needed; `make test` installs them."
    ),
    .timeLimit(.minutes(10))
)
struct NodeCertificateTests {
    /// A server with one of three certificates, and a node of it, both on loopback.
    private final class Site {
        private let folder: URL
        private var server: BackgroundProcess?
        private var node: BackgroundProcess?
        private var runs = 0
        private var port = "0"

        init(_ folder: URL) throws {
            self.folder = folder
            for name in ["first", "second", "third"] {
                try TLSWorld.makeIdentity(name, in: folder)
            }
        }

        func install(_ name: String) throws {
            for (from, to) in [("\(name).pem", "cert.pem"), ("\(name).key", "key.pem")] {
                let text = try Data(contentsOf: folder.appending(path: from))
                try text.write(to: folder.appending(path: to), options: .atomic)
            }
        }

        func startServer() async throws {
            runs += 1
            let server = try await BackgroundProcess.ready(
                [
                    "env", "-i", "PATH=/usr/bin:/bin", Program.binary.path, "serve",
                    "--listen", "127.0.0.1:\(port)", "--data-dir", path("data"),
                    "--api-key", Program.apiKey, "--endpoint-address", "127.0.0.1",
                    "--tls-cert", path("cert.pem"), "--tls-key", path("key.pem"),
                ],
                logs: folder,
                name: "server-\(runs)"
            )
            guard let found = server.output.firstMatch(of: /https:\/\/127.0.0.1:(\d+)\/v2/) else {
                throw Command.Failure(description: "wgw serve names no address: \(server.output)")
            }
            port = String(found.1)
            self.server = server
        }

        func stopServer() async throws { #expect(try await server?.stop() == 0) }

        func startNode(_ words: [String]) async throws {
            runs += 1
            node = try await .ready(
                nodeCommand(words),
                logs: folder,
                name: "node-\(runs)"
            )
        }

        func nodeCommand(_ words: [String], data: String = "node") -> [String] {
            [
                "env", "-i", "PATH=/usr/bin:/bin", Program.binary.path, "node",
                "--data-dir", path(data), "--bind-address", "127.0.0.1",
            ] + words
        }

        func stopNode() async throws { #expect(try await node?.stop() == 0) }

        func hangUp() { server?.send(SIGHUP) }

        func nodeLogs(_ words: String) async throws -> Bool {
            try await eventually { self.node?.errors.contains(words) == true }
        }

        /// As an admin who pins the certificate that is installed.
        func wgw(_ words: String...) throws -> Command.Result { try run(words) }

        private func run(_ words: [String]) throws -> Command.Result {
            try Command.run(
                [
                    "env", "-i", "PATH=/usr/bin:/bin", "HOME=\(folder.path)",
                    "WGW_URL=https://127.0.0.1:\(port)", "WGW_API_KEY=\(Program.apiKey)",
                    "WGW_FINGERPRINT=sha256:\(try fingerprint(of: "cert"))", Program.binary.path,
                ] + words
            )
        }

        /// Whether the node has kept that the server will show this one.
        func knows(_ name: String) throws -> Bool {
            let kept = try String(contentsOf: folder.appending(path: "node/node"), encoding: .utf8)
            return try kept.contains(fingerprint(of: name))
        }

        private func fingerprint(of name: String) throws -> String {
            let text = try Command.require(
                "openssl",
                "x509",
                "-in",
                path("\(name).pem"),
                "-noout",
                "-fingerprint",
                "-sha256"
            )
            return try #require(text.split(separator: "=").last).filter(\.isHexDigit).lowercased()
        }

        func becomes(_ state: String) async throws -> Bool {
            try await eventually { try self.wgw("node", "get", "edge").output.contains(state) }
        }

        func wgwToken(_ words: String...) throws -> String {
            let made = try run(["node"] + words + ["-o", "json"])
            guard let found = made.output.firstMatch(of: /wgw-join-1[^"]*/) else {
                throw Command.Failure(description: "\(words): \(made.output)")
            }
            return String(found.0)
        }

        func hasData(_ name: String) -> Bool { FileManager.default.fileExists(atPath: path(name)) }

        private func path(_ name: String) -> String { folder.appending(path: name).path }
    }

    private static func run(_ body: (Site) async throws -> Void) async throws {
        try await TemporaryDirectory.with { folder in
            let site = try Site(folder)
            try site.install("first")
            try await site.startServer()
            let token = try site.wgwToken(
                "create",
                "edge",
                "--region",
                "local",
                "--endpoint-address",
                "192.0.2.1"
            )
            try await site.startNode(["--join", token])
            #expect(try await site.becomes("connected"))
            try await body(site)
            try await site.stopNode()
            try await site.stopServer()
        }
    }

    @Test("a node follows a server to its next certificate, which it hears of before")
    func next() async throws {
        try await Self.run { site in
            try site.install("second")
            site.hangUp()
            #expect(try await site.nodeLogs("the server has another certificate"))
            try await site.stopServer()
            try await site.startServer()
            #expect(try await site.becomes("connected"))
            // What was announced is trusted also by the node's next process.
            try site.install("third")
            site.hangUp()
            let isAnnounced = try await eventually { try site.knows("third") }
            #expect(isAnnounced)
            try await site.stopNode()
            try await site.stopServer()
            try await site.startServer()
            try await site.startNode([])
            #expect(try await site.becomes("connected"))
        }
    }

    @Test("a certificate that was not announced is refused, until the node joins with a new token")
    func another() async throws {
        try await Self.run { site in
            try await site.stopServer()
            try site.install("second")
            try await site.startServer()
            #expect(try await site.nodeLogs("its certificate is sha256:"))
            #expect(try await site.becomes("away"))
            let token = try site.wgwToken("token", "edge")
            try await site.stopNode()
            try await site.startNode(["--join", token])
            #expect(try await site.becomes("connected"))
        }
    }

    @Test("a join token for a server with another certificate is not shown to it")
    func impostor() async throws {
        try await Self.run { site in
            let token = try site.wgwToken("token", "edge")
            let parts = token.split(separator: ".", omittingEmptySubsequences: false)
            let other = (parts[..<2] + [Substring(String(repeating: "0", count: 64))] + parts[3...])
                .joined(separator: ".")
            let end = try Command.run(site.nodeCommand(["--join", other], data: "second"))
            #expect(end.status == 6, "\(end.output)")
            #expect(end.output.contains("its certificate is sha256:"), "\(end.output)")
            #expect(!site.hasData("second"), "a try that failed leaves nothing behind")
            #expect(try site.wgw("node", "get", "edge").output.contains("connected"))
        }
    }
}
