import EndToEndSupport
import Foundation
import TestSupport

/// The product's own binary, started as an operator would.
final class WGWServer {
    let api: APIClient
    private let words: [String]
    private let logs: URL
    private var runs = 0
    private var process: BackgroundProcess

    /// Comes back when the server says that it listens.
    init(
        _ program: [String] = Program.command,
        in namespace: Namespace,
        listen address: String,
        port: Int = 8080,
        endpointAddress: String,
        dataDirectory: URL,
        workers: Int,
        options: [String] = [],
        logs: URL
    ) async throws {
        self.logs = logs
        words = namespace.command(
            program + [
                "serve", "--listen", "\(address):\(port)", "--data-dir", dataDirectory.path,
                "--api-key", Program.apiKey, "--endpoint-address", endpointAddress,
                "--workers", "\(workers)", "--rate-limit", "off", "--insecure-http",
            ] + options
        )
        guard let base = URL(string: "http://\(address):\(port)/v2") else {
            throw Command.Failure(description: "\(address) is no address")
        }
        api = APIClient(base: base, key: Program.apiKey)
        process = try await .ready(words, logs: logs, name: "server-0")
    }

    /// Everything that it logged, in all its lives.
    var log: String {
        (0...runs).map { run in
            let file = logs.appending(path: "server-\(run).err")
            return (try? String(contentsOf: file, encoding: .utf8)) ?? ""
        }.joined()
    }

    /// How many requests to a path have had that answer, in all of its lives.
    func requests(_ path: String, status: Int) -> Int {
        log.split(separator: "\n").count { line in
            line.contains(" path=\(path) ") && line.contains(" status=\(status)")
        }
    }

    func kill() { process.kill() }

    func start() async throws {
        runs += 1
        process = try await .ready(words, logs: logs, name: "server-\(runs)")
    }

    /// Its exit status.
    func stop() async throws -> Int32 { try await process.stop() }
}
