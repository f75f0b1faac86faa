package import Foundation
import Glibc
package import TestSupport
import Testing

/// The product's binary on loopback, for tests that need no network of their own.
package final class LoopbackServer {
    /// Where the API is, without `/v2`.
    package let base: URL
    /// For this server alone, and gone with it.
    package let folder: URL
    private let process: BackgroundProcess

    /// Runs a server while `body` runs, and wants it to stop as it should.
    ///
    /// - Parameter openFiles: how many its process may have.
    package static func run(
        _ options: String...,
        openFiles: Int? = nil,
        body: (LoopbackServer) async throws -> Void
    ) async throws {
        try await TemporaryDirectory.with { folder in
            try await run(options, in: folder, openFiles: openFiles, body: body)
        }
    }

    /// On a folder that is there afterwards, for another life of the same installation.
    ///
    /// - Parameter environment: names with their values, beside those that every server gets.
    package static func run(
        _ options: [String] = [],
        in folder: URL,
        openFiles: Int? = nil,
        environment: [String] = [],
        body: (LoopbackServer) async throws -> Void
    ) async throws {
        let server = try await LoopbackServer(
            options,
            in: folder,
            openFiles: openFiles,
            environment: environment
        )
        try await body(server)
        #expect(try await server.process.stop() == 0, "\(server.process.errors)")
    }

    /// The same, and `body` ends with a power cut.
    package static func runUntilKilled(
        _ options: [String] = [],
        in folder: URL,
        body: (LoopbackServer) async throws -> Void
    ) async throws {
        let server = try await LoopbackServer(options, in: folder, openFiles: nil)
        try await body(server)
        server.process.kill()
    }

    /// Also as root the server gets no right to change this machine's network: it has no namespace of its own.
    private static let withoutNetworkRights =
        geteuid() == 0 ? ["setpriv", "--bounding-set=-net_admin", "--inh-caps=-net_admin"] : []

    private init(
        _ options: [String],
        in folder: URL,
        openFiles: Int?,
        environment: [String] = []
    ) async throws {
        // Gateways take the lowest port that this server has not given away. On an address of its
        // own, of the 2²⁴ that loopback has, no other server of this machine can have given it away.
        let number = UInt32.random(in: 0x7f01_0000...0x7ffe_ffff)
        let address = [24, 16, 8, 0].map { "\(number >> $0 & 0xff)" }.joined(separator: ".")
        let process = try await BackgroundProcess.ready(
            Self.withoutNetworkRights + Command.limiting(openFiles: openFiles) + [
                "env", "-i", "PATH=/usr/bin:/bin", "WGW_API_KEY=\(Program.apiKey)",
            ] + environment + [
                Program.binary.path, "serve",
                "--listen", "127.0.0.1:0", "--data-dir", folder.appending(path: "data").path,
                "--endpoint-address", "127.0.0.1",
                "--bind-address", address, "--port-range", "10000-11999",
            ] + options,
            logs: folder,
            name: "server"
        )
        guard let base = process.base else {
            throw Command.Failure(description: "wgw serve names no address: \(process.output)")
        }
        self.process = process
        self.folder = folder
        self.base = base
    }

    package var api: APIClient {
        APIClient(base: base.appending(path: "v2"), key: Program.apiKey)
    }

    /// Of its process.
    package var id: pid_t { process.id }
    package var errors: String { process.errors }
}

extension Command {
    /// The words in front of a program's that limit how many files its process may have open.
    package static func limiting(openFiles: Int?) -> [String] {
        openFiles.map { ["prlimit", "--nofile=\($0):\($0)"] } ?? []
    }
}
