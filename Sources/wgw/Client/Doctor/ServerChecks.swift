import APIContract
import CommandLineProgram
import DataPlane
import GatewayClient
import GatewayDomain
import GatewayService
import NetAddress

/// What is found by asking the server.
enum ServerChecks {
    /// Host names and addresses in configs that are looked at; there is rarely more than one.
    private static let mostHosts = 8

    static func run(_ options: ServerOptions) async -> [CheckResult] {
        do {
            return try await options.withClient(timeLimit: .seconds(10)) { client in
                try await ask(client)
            }
        } catch {
            return [
                .error(
                    .server,
                    "The server cannot be asked: \(error).",
                    nextStep:
                        "Put this right, and run wgw doctor again for the other checks of the server."
                )
            ]
        }
    }

    private static func ask(_ client: GatewayClient) async throws -> [CheckResult] {
        let asked = Timestamp.now()
        let server = try GatewayClient.object(
            RunningServer.self,
            in: try await client.send(APICall(.get, "server"))
        )
        let answered = Timestamp.now()
        var results = [
            connection(client.server),
            VersionCheck.run(server: server.version, client: ProgramVersion.current.number),
            ClockCheck.run(server: server.time, asked: asked, answered: answered),
        ]
        for host in try await hosts(client).prefix(mostHosts) {
            results.append(EndpointCheck.run(host, resolve: resolve))
        }
        return results
    }

    /// That it answers is known by now.
    private static func connection(_ server: ServerAccess) -> CheckResult {
        if server.fingerprint != nil {
            return .ok(
                .server,
                "\(server.url) answers, with the certificate of the given fingerprint."
            )
        }
        guard server.url.isHTTPS else { return .ok(.server, "\(server.url) answers.") }
        return .ok(.server, "\(server.url) answers, and its certificate is trusted.")
    }

    /// What the gateways' configs name, each once.
    private static func hosts(_ client: GatewayClient) async throws -> [PublicHost] {
        var hosts: [PublicHost] = []
        for try await page in client.pages(of: .gateways) {
            for gateway in page where !hosts.contains(gateway.endpoint.host) {
                hosts.append(gateway.endpoint.host)
            }
        }
        return hosts
    }

    private static func resolve(_ name: String) throws(NameLookupError) -> IPAddress {
        try NameLookup.endpoint(of: name).address
    }
}
