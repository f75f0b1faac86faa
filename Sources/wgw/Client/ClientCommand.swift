import APIContract
import ArgumentParser
import CommandLineProgram
import GatewayClient

/// A command that asks a server. A command of a new kind is one file: its options, and `run(_:)`, which asks the
/// client and prints through `Output`.
protocol ClientCommand: AsyncParsableCommand {
    var server: ServerOptions { get }

    func run(_ client: GatewayClient) async throws
}

extension ClientCommand {
    mutating func run() async throws {
        let command = self
        try await server.withClient { client in try await command.run(client) }
    }
}

extension ServerOptions {
    /// Runs `body` with a client of the server that these options, the environment and the files name. Its
    /// errors become sentences with an exit status.
    func withClient<Result>(
        timeLimit: Duration = .seconds(30),
        _ body: (GatewayClient) async throws -> Result
    ) async throws -> Result {
        let choice = try ServerChoice(self, environment: ClientEnvironment.current)
        do {
            return try await WaitingNote.shown("waiting for \(choice.server.url)") {
                try await choice.withClient(timeLimit: timeLimit, body)
            }
        } catch let error as ClientError {
            throw CommandFailure(error, choice)
        }
    }
}

extension ServerChoice {
    /// Runs `body` with a client, in the organization that is meant.
    func withClient<Result>(
        timeLimit: Duration = .seconds(30),
        _ body: (GatewayClient) async throws -> Result
    ) async throws -> Result {
        try await GatewayClient.with(server, userAgent: Self.userAgent, timeLimit: timeLimit) {
            client in
            guard let organization else { return try await body(client) }
            let found = try await OrganizationNoun.find(organization, client)
            return try await body(client.acting(for: found.id))
        }
    }

    static let userAgent = "wgw/\(ProgramVersion.current.number)"
}
