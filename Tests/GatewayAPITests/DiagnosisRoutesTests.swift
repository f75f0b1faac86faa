import GatewayAPI
import GatewayDomain
import GatewayService
import JSON
import NetAddress
import Testing

struct DiagnosisRoutesTests {
    @Test("the diagnosis of a peer has its findings with code, severity, sentence and next step")
    func diagnosis() async throws {
        try await TestAPI.run { client in
            let gateway = try await client.gateway(in: client.network())
            let peer = try await client.peer(of: gateway)
            let data = try await client.get("/v2/wireguard_peers/\(peer)/diagnosis").data
            #expect(
                data.names == [
                    "record_type", "peer_id", "wireguard_interface_id", "severity", "findings",
                    "drops", "observed_since", "checked_at",
                ]
            )
            #expect(data["peer_id"]?.text == peer)
            #expect(data["severity"]?.text == "error")
            let finding = try #require(data["findings"]?[0])
            #expect(
                finding.names == [
                    "code", "severity", "certainty", "message", "next_step", "command", "source",
                    "count", "last_at",
                ]
            )
            #expect(finding["code"]?.text == "gateway_not_provisioned")
            #expect(data["drops"]?.count == 0)
        }
    }

    @Test(
        "the diagnosis of a gateway has findings as that of a peer, for those who see the gateway"
    )
    func gateway() async throws {
        try await TestAPI.run { client in
            let gateway = try await client.gateway(in: client.network())
            let data = try await client.get("/v2/wireguard_interfaces/\(gateway)/diagnosis").data
            #expect(
                data.names == [
                    "record_type", "wireguard_interface_id", "severity", "findings",
                    "observed_since", "checked_at",
                ]
            )
            #expect(data["wireguard_interface_id"]?.text == gateway)
            #expect(data["findings"]?[0]?["code"]?.text == "gateway_not_provisioned")
            let other = "/v2/wireguard_interfaces/\(GatewayID.random())/diagnosis"
            #expect(try await client.get(other).status == 404)
        }
    }

    @Test("the explanation of a path has its ends, its steps in order and whether a packet arrives")
    func explanation() async throws {
        try await TestAPI.run { client in
            let network = try await client.network()
            let gateway = try await client.gateway(in: network)
            _ = try await client.peer(of: gateway, #","name":"my laptop""#)
            _ = try await client.peer(of: gateway, #","name":"phone""#)
            let path = "/v2/networks/\(network)/explanation"
            let data = try await client.get(path + "?from=my+laptop&to=172.27.0.3").data
            #expect(
                data.names == [
                    "record_type", "network_id", "from", "to", "outcome", "steps", "checked_at",
                ]
            )
            #expect(data["to"]?["name"]?.text == "phone")
            #expect(data["outcome"]?.text == "failed")
            let step = try #require(data["steps"]?[0])
            #expect(step.names == ["step", "outcome", "message", "next_step"])
            #expect(step["step"]?.text == "source_config")
        }
    }

    @Test(
        "a path without an end, with an unknown one or with an ambiguous name is refused by parameter"
    )
    func badEnds() async throws {
        try await TestAPI.run { client in
            let network = try await client.network()
            let gateway = try await client.gateway(in: network)
            let ids = [
                try await client.peer(of: gateway, #","name":"twin""#),
                try await client.peer(of: gateway, #","name":"twin""#),
            ]
            let path = "/v2/networks/\(network)/explanation"
            for (query, problem) in [
                ("", "10004 from"), ("?from=172.27.0.2", "10004 to"),
                ("?from=&to=172.27.0.2", "10004 from"), ("?from=%FF&to=172.27.0.2", "10004 from"),
                ("?from=nothing&to=172.27.0.2", "10017 from"),
                ("?from=172.27.0.2&to=nothing", "10017 to"),
                ("?from=twin&to=8.8.8.8", "10015 from"),
            ] {
                let answer = try await client.get(path + query)
                #expect(answer.status == 422, "\(query)")
                #expect(try answer.problems == [problem], "\(query)")
            }
            let answer = try await client.get(path + "?from=172.27.0.2&to=twin")
            #expect(ids.allSatisfy { answer.text.contains($0) })
        }
    }

    @Test(
        "a diagnosis or path of another organization, or outside a key's networks, does not exist"
    )
    func scope() async throws {
        try await TestAPI.run { client in
            let network = try await client.network()
            let peer = try await client.peer(of: client.gateway(in: network))
            let other = try await client.network()
            let restricted = client.with(
                key: try await client.makeKey(role: "viewer", #","network_ids":["\#(other)"]"#)
            )
            for path in [
                "/v2/wireguard_peers/\(peer)/diagnosis",
                "/v2/networks/\(network)/explanation?from=\(peer)&to=\(peer)",
            ] {
                #expect(try await client.get(path).status == 200)
                #expect(try await restricted.get(path).status == 404)
            }
        }
    }
}
