import ArgumentParser

/// Which server a command asks, and as whom.
struct ServerOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The context to use, as wgw context list has it.",
            valueName: "name"
        ),
        completion: .custom { _, _, _ in ContextFile.names() }
    )
    var context: String?

    @Option(
        help: ArgumentHelp(
            "The server to ask, like https://gateway.example.net:8080 (WGW_URL).",
            valueName: "url"
        )
    )
    var url: String?

    @Option(
        help: ArgumentHelp(
            "A file with the API key on its one line; WGW_API_KEY has the key itself.",
            valueName: "file"
        ),
        completion: .file()
    )
    var apiKeyFile: String?

    @Option(
        help: ArgumentHelp(
            "SHA-256 of the server's certificate, which then needs no authority (WGW_FINGERPRINT).",
            valueName: "sha256"
        )
    )
    var fingerprint: String?

    @Option(
        help: ArgumentHelp(
            "The organization to act in, by name or id; for admins.",
            valueName: "organization"
        ),
        completion: .names(of: OrganizationNoun.self)
    )
    var organization: String?
}

extension ServerOptions {
    /// Of a command line that is only being typed, and cannot be parsed as a whole.
    init(beingTyped words: [String]) {
        func value(of option: String) -> String? {
            guard let index = words.lastIndex(of: option), index + 1 < words.count else {
                return nil
            }
            return words[index + 1]
        }
        self.init()
        context = value(of: "--context")
        url = value(of: "--url")
        apiKeyFile = value(of: "--api-key-file")
        fingerprint = value(of: "--fingerprint")
        organization = value(of: "--organization")
    }
}
