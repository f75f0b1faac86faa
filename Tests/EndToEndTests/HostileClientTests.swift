import CommandLineProgram
import EndToEndSupport
import Foundation
import Glibc
import TestSupport
import Testing

/// Strangers that open as many connections as they can and never bring a request to its end.
@Suite(.timeLimit(.minutes(10)))
struct HostileClientTests {
    @Test(
        "ten thousand slow connections cost the server bounded memory, and other clients are answered",
        arguments: SlowConnections.Kind.allCases
    )
    func slow(kind: SlowConnections.Kind) async throws {
        try await LoopbackServer.run(
            "--rate-limit",
            "off",
            "--workers",
            "2",
            "--log-level",
            "error"
        ) { server in
            let network = try await server.api.createNetwork("n").id
            let port = try #require(server.base.port.flatMap { UInt16(exactly: $0) })
            let before = try server.residentBytes
            let strangers = try SlowConnections(kind, count: 10_000, port: port)
            if kind.showsKey {
                // Who has shown a key stays before one who has not yet, so that as long as more of
                // these come, they push out a newcomer.
                let areIn = try await eventually { strangers.openCount <= 1_024 }
                #expect(areIn, "\(strangers.openCount) are open")
            }
            // Connections of its own every time: an open one could profit from being known.
            for round in 0..<100 {
                if round % 5 == 0 { strangers.sayMore() }
                let client = APIClient(base: server.api.base, key: Program.apiKey)
                _ = try await client.createGateway(network: network)
            }
            let grown = try server.residentBytes - before
            print("10 000 connections, \(kind): \(grown >> 20) MiB more")
            #expect(grown < 200 << 20, "\(grown >> 20) MiB")
            // 1 024 connections, and each gateway has a socket for each worker.
            #expect(try server.openFiles < 1_024 + 100 * 2 + 200, "the others were closed")
            withExtendedLifetime(strangers) {}
            #expect(server.errors.isEmpty, "\(server.errors)")
        }
    }
}

extension HostileClientTests {
    @Test("more idle connections than the server may have files open do not keep other clients out")
    func fewFiles() async throws {
        try await LoopbackServer.run("--log-level", "error", openFiles: 256) { server in
            let port = try #require(server.base.port.flatMap { UInt16(exactly: $0) })
            let strangers = try SlowConnections(.silent, count: 300, port: port)
            for _ in 0..<5 {
                let client = APIClient(base: server.api.base, key: Program.apiKey)
                let network = try await client.createNetwork("n").id
                _ = try await client.createGateway(network: network)
            }
            withExtendedLifetime(strangers) {}
            #expect(server.errors.isEmpty, "\(server.errors)")
        }
    }

    @Test("malformed HTTP is refused or its connection closed, and the next request is answered")
    func garbage() async throws {
        let key = "Host: localhost\r\nAuthorization: Bearer \(Program.apiKey)\r\n"
        let long = String(repeating: "x", count: 100_000)
        let many = (0..<200).map { "X-\($0): y\r\n" }.joined()
        let parameters = (0..<1_500).map { "a\($0)=%FF&" }.joined()
        let requests = [
            "GET /\(long) HTTP/1.1\r\n\(key)\r\n",
            "GET /v2/networks HTTP/1.1\r\n\(key)X: \(long)\r\n\r\n",
            "GET /v2/networks HTTP/1.1\r\n\(key)\(many)\r\n",
            "GET /v2/networks HTTP/1.1\r\n\(key)X: a\0b\r\n\r\n",
            "GET /v2/networks HTTP/1.1\r\n\(key)X Y: z\r\n\r\n",
            "G T /v2/networks HTTP/1.1\r\n\(key)\r\n",
            "GET /v2/networks HTTP/9.9\r\n\(key)\r\n",
            "GET /v2/networks\r\n\r\n\r\n",
            "\u{16}\u{3}\u{1}\u{2}\0\u{1}\0",
            "POST /v2/networks HTTP/1.1\r\n\(key)Content-Length: -1\r\n\r\n",
            "POST /v2/networks HTTP/1.1\r\n\(key)Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
            "POST /v2/networks HTTP/1.1\r\n\(key)Content-Length: 99999999999999999999\r\n\r\n",
            "POST /v2/networks HTTP/1.1\r\n\(key)Content-Type: application/json\r\n"
                + "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET / HTTP/1.1\r\n\r\n",
            "POST /v2/networks HTTP/1.1\r\n\(key)Content-Type: application/json\r\n"
                + "Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFF\r\n",
            "GET /v2/networks?page[size]=%zz HTTP/1.1\r\n\(key)Connection: close\r\n\r\n",
            "GET /v2/nothing?\(parameters) HTTP/1.1\r\n\(key)Connection: close\r\n\r\n",
        ]
        try await LoopbackServer.run("--rate-limit", "off", "--log-level", "error") { server in
            let port = try #require(server.base.port.flatMap { UInt16(exactly: $0) })
            for request in requests {
                let answer = try SlowConnections.answer(to: request, port: port)
                let isRefused =
                    answer.hasPrefix("HTTP/1.1 4") && answer.contains("x-request-id: ")
                    && answer.contains(#"{"errors":[{"code":"#)
                #expect(isRefused, "\(request.prefix(60)): \(answer.prefix(300))")
                _ = try await server.api.createNetwork("n")
            }
            #expect(server.errors.isEmpty, "\(server.errors)")
        }
    }
}

/// Sockets that were connected and say next to nothing.
final class SlowConnections {
    enum Kind: String, CaseIterable, Sendable {
        case silent
        case endlessHead
        case endlessBody
        case readsNothing

        /// Whether they come with a key that is right.
        var showsKey: Bool { self == .endlessBody }
    }

    private let kind: Kind
    private let sockets: [Int32]

    /// Comes back when all are connected.
    init(_ kind: Kind, count: Int, port: UInt16) throws {
        self.kind = kind
        OpenFileLimit.raise()
        var sockets: [Int32] = []
        for _ in 0..<count {
            let descriptor = try Self.connected(to: port)
            sockets.append(descriptor)
            Self.send(Self.beginning(of: kind), to: descriptor)
        }
        self.sockets = sockets
    }

    /// The answer that comes back on a connection of its own, or what there is of it when that is
    /// closed.
    static func answer(to request: String, port: UInt16) throws -> String {
        let descriptor = try connected(to: port)
        defer { close(descriptor) }
        var limit = timeval(tv_sec: Int(patience.components.seconds), tv_usec: 0)
        setsockopt(
            descriptor,
            SOL_SOCKET,
            SO_RCVTIMEO,
            &limit,
            socklen_t(MemoryLayout<timeval>.size)
        )
        send(request, to: descriptor)
        var answer: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            if count > 0 { answer += buffer[..<count] }
            let text = String(decoding: answer, as: UTF8.self)
            if count <= 0 || isWhole(text) { return text }
        }
    }

    /// Whether the body is as long as its head announced.
    private static func isWhole(_ answer: String) -> Bool {
        guard let end = answer.firstRange(of: "\r\n\r\n"),
            let length = answer[..<end.lowerBound].lowercased()
                .firstMatch(of: /\ncontent-length: (\d+)/).flatMap({ Int($0.output.1) })
        else { return false }
        return answer[end.upperBound...].utf8.count >= length
    }

    private static func connected(to port: UInt16) throws -> Int32 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | O_CLOEXEC, 0)
        guard descriptor >= 0 else {
            throw Command.Failure(description: "socket: \(String(cString: strerror(errno)))")
        }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else {
            close(descriptor)
            throw Command.Failure(description: "connect: \(String(cString: strerror(errno)))")
        }
        return descriptor
    }

    deinit { for descriptor in sockets { close(descriptor) } }

    /// Those that the server has not closed.
    var openCount: Int {
        // POLLRDHUP, which the module of Glibc leaves out.
        let hangUp: Int16 = 0x2000
        var all = sockets.map { pollfd(fd: $0, events: hangUp, revents: 0) }
        poll(&all, nfds_t(all.count), 0)
        let closed = hangUp | Int16(POLLHUP | POLLERR)
        return all.count { $0.revents & closed == 0 }
    }

    /// A little of what never ends.
    func sayMore() {
        let more =
            switch kind {
            case .silent, .readsNothing: ""
            case .endlessHead: "X-More: more\r\n"
            case .endlessBody: " "
            }
        for descriptor in sockets { Self.send(more, to: descriptor) }
    }

    private static func beginning(of kind: Kind) -> String {
        let key = "Authorization: Bearer \(Program.apiKey)\r\n"
        return switch kind {
        case .silent: ""
        case .endlessHead: "GET /v2/networks HTTP/1.1\r\nHost: localhost\r\n"
        case .endlessBody:
            "POST /v2/networks HTTP/1.1\r\nHost: localhost\r\n\(key)"
                + "Content-Type: application/json\r\nContent-Length: 1000000\r\n\r\n"
                + String(repeating: " ", count: 20_000)
        case .readsNothing:
            "GET /openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n"
        }
    }

    private static func send(_ text: String, to descriptor: Int32) {
        guard !text.isEmpty else { return }
        let bytes = Array(text.utf8)
        _ = Glibc.send(
            descriptor,
            bytes,
            bytes.count,
            Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT)
        )
    }
}

extension LoopbackServer {
    var openFiles: Int {
        get throws { try FileManager.default.contentsOfDirectory(atPath: "/proc/\(id)/fd").count }
    }

    var residentBytes: Int {
        get throws {
            let status = try String(contentsOfFile: "/proc/\(id)/status", encoding: .utf8)
            let found = try #require(status.firstMatch(of: /VmRSS:\s+(\d+) kB/))
            return try #require(Int(found.output.1)) << 10
        }
    }
}
