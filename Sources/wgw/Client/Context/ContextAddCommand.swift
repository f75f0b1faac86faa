import APIContract
import ArgumentParser
import CommandLineProgram
import GatewayClient
import GatewayDomain

/// `wgw context add home --url https://gateway.example.net:8080`.
struct ContextAddCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add",
        abstract: "Give a server a name, and keep its API key.",
        discussion: """
            The API key is asked for on a terminal, and read from standard input or from --api-key-file \
            otherwise. The server is asked once, to see that both are right; --no-check leaves that out.
            """
    )

    @Argument(help: "The name of the context.") var name: String

    @Option(
        help: ArgumentHelp("The server, like https://gateway.example.net:8080.", valueName: "url")
    )
    var url: String

    @Option(
        help: ArgumentHelp("A file with the API key on its one line.", valueName: "file"),
        completion: .file()
    )
    var apiKeyFile: String?

    @Option(
        help: ArgumentHelp(
            "SHA-256 of the server's certificate, which then needs no authority.",
            valueName: "sha256"
        )
    )
    var fingerprint: String?

    @Option(
        help: ArgumentHelp(
            "The organization to act in, by name or id; for admins.",
            valueName: "organization"
        )
    )
    var organization: String?

    @Flag(help: "Make it the context in use, which the first one becomes by itself.")
    var use = false

    @Flag(help: "Do not ask the server.") var noCheck = false

    func run() async throws {
        var file = try ContextFile(.current)
        guard !file.contexts.contains(where: { $0.name == name }) else {
            throw CommandFailure(
                "there is a context '\(name)'; wgw context remove \(name.shellWord) makes room",
                .conflict
            )
        }
        guard ObjectName.check(name) == .success(name) else {
            throw CommandFailure.usage(
                "a context's name has 1 to 255 characters, all of them visible"
            )
        }
        let url = try ServerChoice.url(url, "--url")
        let context = ServerContext(
            name: name,
            url: url,
            fingerprint: try fingerprint.map { try ServerChoice.fingerprint($0, "--fingerprint") },
            apiKey: try key(of: url),
            organization: organization
        )
        if !noCheck { try await check(context) }
        try file.add(context, isCurrent: use || file.contexts.isEmpty)
    }

    private func key(of url: ServerURL) throws -> String {
        if let apiKeyFile { return try APIKeyText.inFile(apiKeyFile, named: "--api-key-file") }
        let line = try SecretPrompt.read("API key of \(url): ")
        guard let key = APIKeyText.onOneLine(line) else {
            throw CommandFailure.usage("the API key must be \(APIKeyText.form), on one line")
        }
        return key
    }

    /// Whether the server knows the key, and has the organization.
    private func check(_ context: ServerContext) async throws {
        let choice = ServerChoice(context)
        do {
            try await choice.withClient { client in
                _ = try await client.send(APICall(.get, "regions"))
            }
        } catch ClientError.untrusted(let url, _, nil) where context.fingerprint == nil {
            let found = await GatewayClient.certificate(
                shownBy: url,
                userAgent: ServerChoice.userAgent
            )
            guard let found else {
                throw CommandFailure("\(url) shows no certificate", .unreachable)
            }
            throw CommandFailure(
                """
                no authority that this system knows has signed the certificate of \(url); if it is \
                \(found), which the server prints at its start, add --fingerprint \(found)
                """,
                .unreachable
            )
        } catch let error as ClientError {
            throw CommandFailure(error, choice)
        }
    }
}
