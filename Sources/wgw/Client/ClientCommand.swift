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
            return try await GatewayClient.with(
                choice.server,
                userAgent: "wgw/\(ProgramVersion.current.number)",
                timeLimit: timeLimit
            ) { client in
                guard let name = choice.organization else { return try await body(client) }
                let organization = try await OrganizationNoun.find(name, client)
                return try await body(client.acting(for: organization.id))
            }
        } catch let error as ClientError {
            throw CommandFailure(error, choice)
        }
    }
}
