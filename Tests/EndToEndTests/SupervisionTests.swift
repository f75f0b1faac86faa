import EndToEndSupport
import Foundation
import Glibc
import TestSupport
import Testing

/// `Type=notify` of a unit of systemd.
@Suite(.timeLimit(.minutes(2)))
struct SupervisionTests {
    @Test("wgw serve tells its service manager when it is ready, reads again, lives and stops")
    func serve() async throws {
        try await TemporaryDirectory.with { folder in
            let name = "@wgw-test-\(UUID())"
            let socket = try ManagerSocket(name)
            let server = try await BackgroundProcess.ready(
                ["env", "-i", "NOTIFY_SOCKET=\(name)", "WATCHDOG_USEC=20000"]
                    + ["STATE_DIRECTORY=\(folder.appending(path: "data").path):/nowhere"]
                    + [Program.binary.path, "serve", "--listen", "127.0.0.1:0"]
                    + ["--endpoint-address", "127.0.0.1"],
                logs: folder,
                name: "server"
            )
            var states: [Substring] = []
            func comes(_ state: Substring) async throws -> Bool {
                try await eventually {
                    states += socket.messages().flatMap { $0 }
                    return states.contains(state)
                }
            }
            #expect(try await comes("READY=1"))
            #expect(try await comes("WATCHDOG=1"))
            #expect(!states.contains("RELOADING=1"))
            #expect(states.contains { $0.hasPrefix("STATUS=API at http://127.0.0.1:") })
            let key = folder.appending(path: "data/api-key").path
            #expect(FileManager.default.fileExists(atPath: key), "\(server.errors)")

            states = []
            server.send(SIGHUP)
            #expect(try await comes("RELOADING=1"))
            #expect(try await comes("READY=1"))
            states = []
            #expect(try await server.stop() == 0, "\(server.errors)")
            #expect(try await comes("STOPPING=1"))
        }
    }
}
