import EndToEndSupport
import Foundation
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(2)))
struct DoctorTests {
    private struct Check: Decodable {
        let code: String
        let severity: String
        let message: String
        let nextStep: String?
    }

    @Test("wgw doctor looks at a server of this machine, at its settings and at the machine")
    func here() async throws {
        try await LoopbackServer.run { server in
            let data = server.folder.appending(path: "data").path
            let (_, all) = try Self.doctor(["WGW_DATA_DIR=\(data)"])
            // What is said of interfaces is about those of other tests, too.
            let checks = all.filter { $0.code != "udp_forwarding" }
            #expect(
                checks.map(\.code) == [
                    "server", "version", "clock", "endpoint", "ports", "socket_buffers", "batches",
                    "receive_drops", "open_files",
                ]
            )
            for check in checks {
                #expect((check.severity == "ok") == (check.nextStep == nil), "\(check)")
            }
            for check in checks where ["server", "version", "clock", "ports"].contains(check.code) {
                #expect(check.severity == "ok", "\(check)")
            }
            // The server's own option, and no default.
            #expect(checks[4].message.contains("UDP ports 10000-11999"), "\(checks[4])")
            #expect(checks[8].message.contains("The server may open"), "\(checks[8])")
        }
    }

    @Test("wgw doctor judges the address that configs name")
    func endpoint() async throws {
        try await LoopbackServer.run { server in
            let network = try await server.api.createNetwork("n")
            _ = try await server.api.createGateway(network: network.id)
            let data = server.folder.appending(path: "data").path
            let (_, checks) = try Self.doctor(["WGW_DATA_DIR=\(data)"])
            let endpoint = try #require(checks.first { $0.code == "endpoint" })
            #expect(endpoint.severity == "warning")
            let words = "127.0.0.1: it is this machine itself"
            #expect(endpoint.message.contains(words), "\(endpoint)")
        }
    }

    @Test("wgw doctor without a server says so, looks at the machine, and fails with one sentence")
    func noServer() throws {
        let (status, checks) = try Self.doctor(["WGW_DATA_DIR=/nonexistent"])
        #expect(status == 1)
        let server = try #require(checks.first)
        #expect(server.code == "server" && server.severity == "error")
        #expect(server.message.contains("wgw serve"), "\(server)")
        #expect(checks.map(\.code).contains("batches"))
        #expect(!checks.map(\.code).contains("open_files"))
    }

    @Test("wgw doctor refuses a format that it does not have")
    func badFormat() throws {
        let result = try Command.run(Program.bareCommand + ["doctor", "-o", "jsn"])
        #expect(result.status == 2)
        #expect(result.output.contains("'json' is the nearest"), "\(result.output)")
    }

    /// Its exit status, and what it found.
    private static func doctor(_ environment: [String]) throws -> (Int32, [Check]) {
        let result = try Command.run(
            [
                "env", "-i", "PATH=/usr/bin:/bin", "HOME=/nonexistent",
                "WGW_API_KEY=\(Program.apiKey)",
            ]
                + environment
                + ["sh", "-c", "\(Program.binary.path) doctor -o json 2>/dev/null"]
        )
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return (result.status, try decoder.decode([Check].self, from: Data(result.output.utf8)))
    }
}
