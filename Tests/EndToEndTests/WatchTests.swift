import EndToEndSupport
import Foundation
import TestSupport
import Testing

/// Commands that follow the journal, while the server is restarted.
@Suite(.timeLimit(.minutes(2)))
struct WatchTests {
    @Test("a watch goes on after a restart of the server with what was changed since, and says so")
    func restart() async throws {
        try await TemporaryDirectory.with { folder in
            var watch: BackgroundProcess?
            var address = ""
            try await LoopbackServer.run(in: folder) { server in
                address = "127.0.0.1:\(server.base.port ?? 0)"
                _ = try await server.api.createNetwork("before")
                let shell = ClientShell(server)
                let started = try shell.start("network", "watch", "--since", "0", "-o", "jsonl")
                watch = started
                _ = try await server.api.createNetwork("also before")
                let hasFirst = try await eventually {
                    watch?.output.contains("also before") == true
                }
                #expect(hasFirst, "\(watch?.errors ?? "")")
            }
            let watching = try #require(watch)
            let loss = "this goes on when it is back\n"
            let isTold = try await eventually { watching.errors.hasSuffix(loss) }
            #expect(isTold && watching.isRunning, "\(watching.errors)")
            try await LoopbackServer.run(["--listen", address], in: folder) { server in
                _ = try await server.api.createNetwork("third")
                let goesOn = try await eventually { watching.output.contains("third") }
                #expect(goesOn, "\(watching.errors)")
                let names = watching.output.matches(of: /"after":\{[^}]*"name":"([^"]*)"/)
                    .map { String($0.output.1) }
                #expect(names == ["before", "also before", "third"], "nothing twice")
            }
            #expect(watching.errors.split(separator: "\n").count == 1)
            _ = try await watching.stop()
        }
    }

    @Test("a watch of a server that is not there ends with the status for that")
    func absent() throws {
        try TemporaryDirectory.with { folder in
            let shell = ClientShell(url: "http://127.0.0.1:9", folder: folder)
            let end = try shell.run("peer", "watch")
            #expect(end.status == 6)
        }
    }
}
