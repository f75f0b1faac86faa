import EndToEndSupport
import Foundation
import Glibc
import TestSupport
import Testing

/// A process that others depend on ends when it is told to, and by no signal that means something else.
@Suite(.timeLimit(.minutes(2)))
struct SignalTests {
    private static let harmless = [
        SIGHUP, SIGUSR1, SIGUSR2, SIGPIPE, SIGALRM, SIGVTALRM, SIGPROF, SIGIO, SIGXFSZ, SIGTTOU,
    ]

    @Test("a server without a certificate goes on after SIGHUP, and says that it read nothing")
    func hangUp() async throws {
        try await LoopbackServer.run { server in
            kill(server.id, SIGHUP)
            let isSaid = try await eventually {
                server.errors.contains("SIGHUP: there is no certificate")
            }
            #expect(isSaid, "\(server.errors)")
            _ = try await server.api.createNetwork("after SIGHUP")
        }
    }

    @Test("a server goes on after a signal that does not mean its end", arguments: harmless)
    func server(signal: Int32) async throws {
        try await LoopbackServer.run { server in
            kill(server.id, signal)
            _ = try await server.api.createNetwork("after signal \(signal)")
        }
    }

    @Test(
        "a hub goes on after signals that do not mean its end, and stops while it waits for its file"
    )
    func hub() async throws {
        try await TemporaryDirectory.with { folder in
            let file = folder.appending(path: "signals-\(getpid()).conf")
            let key = "[Interface]\nPrivateKey = 6GvP7Gh1gAMYc0mVvUuEXOzwmCTSAKOmpAhMpCAqIVs=\n"
            try key.write(to: file, atomically: true, encoding: .utf8)
            let hub = try await BackgroundProcess.ready(
                Program.bareCommand + ["hub", file.path, "--bind-address", "127.0.0.1"],
                logs: folder,
                name: "hub"
            )
            for signal in Self.harmless where signal != SIGHUP { hub.send(signal) }
            // Its answer shows that it has outlived the others.
            hub.send(SIGHUP)
            let isRead = try await eventually {
                hub.errors.contains("config file read, nothing changed") || !hub.isRunning
            }
            #expect(isRead && hub.isRunning, "\(hub.errors)")

            // A file that nobody writes to: the hub waits for it, and stops all the same.
            try FileManager.default.removeItem(at: file)
            try #require(mkfifo(file.path, 0o600) == 0)
            hub.send(SIGHUP)
            #expect(try await hub.stop() == 0, "\(hub.errors)")
        }
    }
}
