import APIContract
import CommandLineProgram
import GatewayClient
import GatewayDomain
import GatewayService
import NetAddress
import SystemIO

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
        let gateways = try await gateways(client)
        for host in gateways.hosts.prefix(mostHosts) {
            results.append(EndpointCheck.run(host, resolve: resolve))
        }
        results += EgressCheck.results(ofWaiting: gateways.waiting)
        return results + webhooks(try await client.overview())
    }

    /// Those that the server says fail, to callers who may see them.
    private static func webhooks(_ overview: Decoded<OverviewMembers>) -> [CheckResult] {
        overview.remarks.filter { $0.code == .webhookFailing }.map { remark in
            .warning(
                .webhooks,
                remark.message,
                nextStep: remark.nextStep,
                command: remark.command
            )
        }
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

    /// What is looked at of the gateways.
    private struct Gateways {
        /// What their configs name, each once.
        var hosts: [PublicHost] = []
        /// Those that are not in service in whole, with the reason.
        var waiting: [(title: String, reason: String)] = []
    }

    private static func gateways(_ client: GatewayClient) async throws -> Gateways {
        var gateways = Gateways()
        for try await page in client.pages(of: .gateways) {
            for gateway in page {
                let host = gateway.endpoint.host
                if !gateways.hosts.contains(host) { gateways.hosts.append(host) }
                guard gateway.status == .provisioning, let reason = gateway.statusReason else {
                    continue
                }
                gateways.waiting.append((GatewayNoun.title(of: gateway), reason))
            }
        }
        return gateways
    }

    private static func resolve(_ name: String) throws(NameLookupError) -> IPAddress {
        try NameLookup.endpoint(of: name).address
    }
}
