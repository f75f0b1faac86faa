import EndToEndSupport
import Foundation
import GatewayDomain
import NetAddress
import TestSupport
import Testing

@testable import WebhookClient

/// Targets that speak TLS, with certificates of an authority of the test's own.
@Suite(.timeLimit(.minutes(2)))
struct WebhookTLSTests {
    @Test(
        "over TLS, a webhook goes to the address that was looked up, and the certificate is for its name"
    )
    func pinning() async throws {
        try await TLSTarget.with { target in
            // No resolver knows it.
            let reply = try await target.send(to: "target.invalid", trusting: "authority")
            #expect(reply == .status(204, text: ""))
            #expect(target.output.contains("POST /path target.invalid:\(target.port)\n"))
        }
    }

    @Test("a webhook is not sent to a target whose certificate is for another name, and says so")
    func otherName() async throws {
        try await TLSTarget.with { target in
            let reply = try await target.send(to: "other.invalid", trusting: "authority")
            #expect(reply == .none("the certificate is for another name"))
            #expect(!target.output.contains("POST"))
        }
    }

    @Test("a webhook is not sent to a target whose certificate an unknown authority has signed")
    func otherAuthority() async throws {
        try await TLSTarget.with { target in
            let unknown = WebhookReply.none(
                "no authority that this system knows has signed the certificate"
            )
            for authority in ["stranger", nil] {
                let reply = try await target.send(to: "target.invalid", trusting: authority)
                #expect(reply == unknown)
            }
            #expect(!target.output.contains("POST"))
        }
    }
}

/// `https://target.invalid`, at 127.0.0.1.
private final class TLSTarget {
    let port: UInt16
    private let folder: URL
    private let process: BackgroundProcess

    private static let program = """
        import http.server, ssl, sys

        class Target(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                self.rfile.read(int(self.headers["content-length"]))
                print(self.command, self.path, self.headers["host"], flush=True)
                self.send_response(204)
                self.end_headers()

        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Target)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(sys.argv[1], sys.argv[2])
        server.socket = context.wrap_socket(server.socket, server_side=True)
        print("listening at port", server.server_port, flush=True)
        server.serve_forever()
        """

    static func with(_ body: (TLSTarget) async throws -> Void) async throws {
        try await TemporaryDirectory.with { folder in
            for name in ["authority", "stranger"] {
                try makeKey("-x509", "-subj", "/CN=\(name)", for: name, in: folder)
            }
            try makeKey(
                "-x509",
                "-subj",
                "/CN=target",
                "-addext",
                "subjectAltName=DNS:target.invalid",
                "-addext",
                "basicConstraints=critical,CA:FALSE",
                "-CA",
                file("authority.pem", in: folder),
                "-CAkey",
                file("authority.key", in: folder),
                for: "target",
                in: folder
            )
            try await body(try await TLSTarget(folder))
        }
    }

    private static func file(_ name: String, in folder: URL) -> String {
        folder.appending(path: name).path
    }

    private static func makeKey(_ words: String..., for name: String, in folder: URL) throws {
        try Command.require(
            [
                "openssl", "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
                "-nodes", "-days", "1", "-keyout", file("\(name).key", in: folder),
                "-out", file("\(name).pem", in: folder),
            ] + words
        )
    }

    private init(_ folder: URL) async throws {
        self.folder = folder
        let process = try BackgroundProcess(
            [
                "python3", "-c", Self.program, Self.file("target.pem", in: folder),
                Self.file("target.key", in: folder),
            ],
            logs: folder,
            name: "target"
        )
        let found = try await eventual {
            process.output.firstMatch(of: /listening at port (\d+)\n/)?.1
        }
        port = try #require(found.flatMap { UInt16($0) }, "\(process.errors)")
        self.process = process
    }

    var output: String { process.output }

    func send(to name: String, trusting authority: String?) async throws -> WebhookReply {
        let sender = WebhookSender(
            targets: WebhookTargets(allowed: [try IPPrefix("127.0.0.1")]),
            userAgent: "wgw/test",
            timeLimit: .seconds(60),
            lookUp: { _ in [IPAddress("127.0.0.1")].compactMap(\.self) },
            isOwn: { _ in false },
            authorityFile: authority.map { Self.file("\($0).pem", in: folder) }
        )
        return await sender.send(
            WebhookRequest(
                url: try WebhookURL("https://\(name):\(port)/path"),
                headers: [],
                body: "{}"
            )
        )
    }
}
