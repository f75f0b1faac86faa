/// Whether the command line is of the server's version, and so knows all of its answers.
enum VersionCheck {
    static func run(server: String, client: String) -> CheckResult {
        guard server != client else {
            return .ok(.version, "Server and command line are both version \(client).")
        }
        return .warning(
            .version,
            """
            The server is version \(server), this command line version \(client); one may lack what the \
            other knows.
            """,
            nextStep:
                "Bring both to one version; a server that was upgraded runs the old one until it is restarted."
        )
    }
}
