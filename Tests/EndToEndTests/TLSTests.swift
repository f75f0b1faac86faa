import EndToEndSupport
import Foundation
import Glibc
import TestSupport
import Testing

/// HTTPS with certificates of a test's own, as an operator sets it up, asked by curl.
@Suite(
    .enabled(
        if: TLSWorld.canRun || ContinuousIntegration.isOn,
        "skipped: openssl and curl are needed; `make test` installs them."
    ),
    .timeLimit(.minutes(10))
)
struct TLSTests {
    @Test("the API speaks HTTPS, and SIGHUP changes its certificate under way")
    func reload() async throws {
        try await TLSWorld.run { world in
            #expect(try world.get(trusting: "first") == "200")
            #expect(try world.get(trusting: "second") == "000", "it is not who it says")
            #expect(try world.getPlain() == "000", "nothing is said in plain text")

            try world.install("second")
            try await world.hangUp(until: "certificate and key read")
            #expect(try world.get(trusting: "second") == "200")
            #expect(try world.get(trusting: "first") == "000")
            #expect(try world.asksFromSameMachine() == 0, "the server's record follows")

            try world.breakKey()
            try await world.hangUp(until: "not taken, nothing changed")
            #expect(world.log.contains("key.pem is not a PEM file of a private key"))
            #expect(try world.get(trusting: "second") == "200")
        }
    }

    @Test("HTTPS offers only cipher suites with forward secrecy and authenticated encryption")
    func cipherSuites() async throws {
        try await TLSWorld.run { world in
            let offers: [(words: [String], isTaken: Bool)] = [
                (["-tls1_2", "-cipher", "ECDHE-ECDSA-AES128-GCM-SHA256"], true),
                (["-tls1_2", "-cipher", "ECDHE-ECDSA-CHACHA20-POLY1305"], true),
                (["-tls1_2", "-cipher", "ECDHE-ECDSA-AES128-SHA"], false),
                (["-tls1_2", "-cipher", "ECDHE-ECDSA-AES256-SHA"], false),
                (["-tls1_3"], true),
                (["-tls1_1", "-cipher", "ALL:@SECLEVEL=0"], false),
            ]
            for offer in offers {
                let isTaken = try world.agrees(on: offer.words)
                #expect(isTaken == offer.isTaken, "\(offer.words)")
            }
        }
    }

    @Test("a server that reads a certificate from a pipe answers meanwhile, and stops when told")
    func hangingFile() async throws {
        try await TLSWorld.run { world in
            try world.installPipe()
            world.hangUp()
            // Opening it for writing succeeds when the server reads it.
            try await world.waitUntilPipeIsRead()
            #expect(try world.get(trusting: "first") == "200")
        }
    }

    @Test("certificate files that are larger than any certificate are refused")
    func hugeFile() async throws {
        try await TLSWorld.run { world in
            try world.installEndlessFile()
            try await world.hangUp(until: "not taken, nothing changed")
            #expect(world.log.contains("cert.pem cannot be read: it has more than"))
            #expect(try world.get(trusting: "first") == "200")
        }
    }

    @Test("a certificate that has expired is taken, with a warning")
    func expired() async throws {
        try await TLSWorld.run { world in
            try world.installExpired()
            try await world.hangUp(until: "cert.pem expired at ")
            #expect(world.log.contains("certificate and key read"))
        }
    }

    @Test("a TLS key that is not the certificate's ends wgw serve with one sentence")
    func mismatch() throws {
        try TemporaryDirectory.with { folder in
            try TLSWorld.makeIdentity("first", in: folder)
            try TLSWorld.makeIdentity("second", in: folder)
            let end = try Command.run(
                Program.binary.path,
                "serve",
                "--listen",
                "127.0.0.1:0",
                "--endpoint-address",
                "127.0.0.1",
                "--data-dir",
                folder.appending(path: "data").path,
                "--tls-cert",
                folder.appending(path: "first.pem").path,
                "--tls-key",
                folder.appending(path: "second.key").path
            )
            #expect(end.status == 1)
            #expect(end.lines.count == 1, "\(end.output)")
            #expect(end.output.contains("is not the key of"))
            #expect(!FileManager.default.fileExists(atPath: folder.path + "/data"))
        }
    }
}

/// A server with TLS, and two identities that it can have.
final class TLSWorld {
    static let canRun = ["openssl", "curl"].allSatisfy {
        (try? Command.run("which", $0).status) == 0
    }

    private let folder: URL
    private let server: BackgroundProcess
    private let port: String
    /// Open and empty, so that the server reads on.
    private var pipe: Int32 = -1

    deinit { close(pipe) }

    var log: String { server.errors }

    static func run(_ body: (TLSWorld) async throws -> Void) async throws {
        try await TemporaryDirectory.with { folder in
            for name in ["first", "second"] { try makeIdentity(name, in: folder) }
            let world = try await TLSWorld(folder)
            try await body(world)
            #expect(try await world.server.stop() == 0)
        }
    }

    /// A certificate that signs itself, for this machine's loopback address.
    static func makeIdentity(_ name: String, in folder: URL, days: String = "1") throws {
        try Command.require(
            "openssl",
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:prime256v1",
            "-nodes",
            "-days",
            days,
            "-subj",
            "/CN=\(name)",
            "-addext",
            "subjectAltName=IP:127.0.0.1",
            "-keyout",
            folder.appending(path: "\(name).key").path,
            "-out",
            folder.appending(path: "\(name).pem").path
        )
    }

    private init(_ folder: URL) async throws {
        self.folder = folder
        try Self.install("first", in: folder)
        server = try await .ready(
            [
                "env", "-i", "PATH=/usr/bin:/bin", Program.binary.path, "serve",
                "--listen", "127.0.0.1:0", "--data-dir", folder.appending(path: "data").path,
                "--api-key", Program.apiKey, "--endpoint-address", "127.0.0.1",
                "--tls-cert", folder.appending(path: "cert.pem").path,
                "--tls-key", folder.appending(path: "key.pem").path,
            ],
            logs: folder,
            name: "server"
        )
        guard let found = server.output.firstMatch(of: /https:\/\/127.0.0.1:(\d+)\/v2/) else {
            throw Command.Failure(description: "wgw serve names no address: \(server.output)")
        }
        port = String(found.1)
    }

    func install(_ name: String) throws { try Self.install(name, in: folder) }

    private static func install(_ name: String, in folder: URL) throws {
        for (from, to) in [("\(name).pem", "cert.pem"), ("\(name).key", "key.pem")] {
            let text = try Data(contentsOf: folder.appending(path: from))
            try text.write(to: folder.appending(path: to), options: .atomic)
        }
    }

    private var certificate: URL { folder.appending(path: "cert.pem") }

    func installPipe() throws {
        try FileManager.default.removeItem(at: certificate)
        guard mkfifo(certificate.path, 0o600) == 0 else {
            throw Command.Failure(description: "no pipe: \(String(cString: strerror(errno)))")
        }
    }

    func waitUntilPipeIsRead() async throws {
        let isRead = try await eventually {
            self.pipe = open(self.certificate.path, O_WRONLY | O_NONBLOCK | O_CLOEXEC)
            return self.pipe >= 0
        }
        #expect(isRead, "\(log)")
    }

    func installEndlessFile() throws {
        try FileManager.default.removeItem(at: certificate)
        try FileManager.default.createSymbolicLink(
            at: certificate,
            withDestinationURL: URL(filePath: "/dev/zero")
        )
    }

    /// It was valid for a second, before the epoch of this program.
    func installExpired() throws {
        try Command.require(
            ["openssl", "x509", "-in", folder.appending(path: "first.pem").path]
                + ["-signkey", folder.appending(path: "first.key").path, "-days", "-1"]
                + ["-out", folder.appending(path: "expired.pem").path]
        )
        let text = try Data(contentsOf: folder.appending(path: "expired.pem"))
        try text.write(to: certificate, options: .atomic)
    }

    /// Whether a client that offers only this can shake hands.
    func agrees(on words: [String]) throws -> Bool {
        try Command.run(
            ["openssl", "s_client", "-connect", "127.0.0.1:\(port)", "-brief"] + words
        ).status == 0
    }

    func breakKey() throws {
        try Data("no key".utf8).write(to: folder.appending(path: "key.pem"), options: .atomic)
    }

    func hangUp() { server.send(SIGHUP) }

    func hangUp(until message: String) async throws {
        hangUp()
        let isDone = try await eventually { self.log.contains(message) }
        #expect(isDone, "\(log)")
    }

    /// The status that curl got; `000` when there was no answer.
    func get(trusting name: String) throws -> String {
        try status(
            "--cacert",
            folder.appending(path: "\(name).pem").path,
            "https://127.0.0.1:\(port)/v2/networks"
        )
    }

    /// The exit status of a command that finds the server, and its certificate, in the data directory.
    func asksFromSameMachine() throws -> Int32 {
        try Command.run(
            "env",
            "-i",
            "PATH=/usr/bin:/bin",
            "HOME=\(folder.path)",
            "WGW_DATA_DIR=\(folder.appending(path: "data").path)",
            "WGW_API_KEY=\(Program.apiKey)",
            Program.binary.path,
            "network",
            "list"
        ).status
    }

    func getPlain() throws -> String { try status("http://127.0.0.1:\(port)/v2/networks") }

    private func status(_ words: String...) throws -> String {
        try Command.run(
            [
                "curl", "--silent", "--output", "/dev/null", "--max-time", "5",
                "--write-out", "%{http_code}",
                "--header", "Authorization: Bearer \(Program.apiKey)",
            ] + words
        ).output
    }
}
