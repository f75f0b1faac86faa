import Foundation

/// The product's own binary, started as an operator would.
final class WGWServer {
    static let binary =
        ProcessInfo.processInfo.environment["WGW_BINARY"].map { URL(filePath: $0) }
        ?? URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
        .deletingLastPathComponent().appending(path: "wgw")

    /// The environment of the test run must not reach the program.
    static let bareCommand = ["env", "-i", "PATH=/usr/bin:/bin", binary.path]

    /// The environment of the test run must not reach the server, and neither do root's powers: it
    /// is shown to need none.
    static let command = [
        "env", "-i", "PATH=/usr/bin:/bin", "setpriv", "--bounding-set=-all", "--inh-caps=-all",
        "--no-new-privs", binary.path,
    ]

    static let apiKey = "KEY-for-end-to-end-tests"

    let api: APIClient
    private let words: [String]
    private let logs: URL
    private var runs = 0
    private var process: BackgroundProcess

    /// Comes back when the server says that it listens.
    init(
        in namespace: Namespace,
        listen address: String,
        endpointAddress: String,
        dataDirectory: URL,
        workers: Int,
        logs: URL
    ) async throws {
        self.logs = logs
        words = namespace.command(
            Self.command + [
                "serve", "--listen", "\(address):8080", "--data-dir", dataDirectory.path,
                "--api-key", Self.apiKey, "--endpoint-address", endpointAddress,
                "--workers", "\(workers)", "--rate-limit", "off", "--insecure-http",
            ]
        )
        guard let base = URL(string: "http://\(address):8080/v2") else {
            throw Command.Failure(description: "\(address) is no address")
        }
        api = APIClient(base: base, key: Self.apiKey)
        process = try BackgroundProcess(words, logs: logs, name: "server-0")
        try await waitUntilReady()
    }

    /// Everything that it logged, in all its lives.
    var log: String {
        (0...runs).map { run in
            let file = logs.appending(path: "server-\(run).err")
            return (try? String(contentsOf: file, encoding: .utf8)) ?? ""
        }.joined()
    }

    func kill() { process.kill() }

    func start() async throws {
        runs += 1
        process = try BackgroundProcess(words, logs: logs, name: "server-\(runs)")
        try await waitUntilReady()
    }

    /// Its exit status.
    func stop() async throws -> Int32 { try await process.stop() }

    private func waitUntilReady() async throws {
        let isReady = try await eventually {
            self.process.output.contains("wgw is ready") || !self.process.isRunning
        }
        guard isReady, process.isRunning else {
            throw Command.Failure(description: "wgw serve did not start: \(process.errors)")
        }
    }
}
