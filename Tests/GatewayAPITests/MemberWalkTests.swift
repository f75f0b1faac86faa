import APIContract
import GatewayDomain
import HTTPTypes
import JSON
import OpenAPI
import Testing

/// Every member of every body by its contract, through the router. A verb that forgot to look at one
/// of its fields would take the request.
struct MemberWalkTests {
    private struct Body {
        let method: TestMethod
        let path: String
        let members: [String]
        let required: [String]

        init<Request: APIRequest>(_: Request.Type, _ method: TestMethod, _ path: String) throws {
            self.method = method
            self.path = path
            let schema = JSONValue.object(Request.contract.schema.json)
            members = try #require(schema["properties"]).names
            guard case .array(let names)? = schema["required"] else {
                required = []
                return
            }
            required = names.compactMap(\.text)
        }
    }

    @Test("a member of the wrong type is pointed at, whichever member of whichever body it is")
    func wrongTypes() async throws {
        try await TestAPI.run { client in
            for body in try await Self.bodies(client) {
                for name in body.members {
                    let answer = try await Self.send([name], to: body, client)
                    #expect(answer.status == 422, "\(body.path): \(name)")
                    #expect(try answer.problems.contains("10026 /\(name)"), "\(answer.text)")
                }
            }
        }
    }

    @Test("all members of the wrong type are pointed at in one answer, and none of them twice")
    func together() async throws {
        try await TestAPI.run { client in
            for body in try await Self.bodies(client) {
                let answer = try await Self.send(body.members, to: body, client)
                let expected = body.members.map { "10026 /\($0)" }
                #expect(try answer.problems.sorted() == expected.sorted(), "\(body.path)")
            }
        }
    }

    @Test("the members that a schema requires are the ones that a request cannot do without")
    func required() async throws {
        try await TestAPI.run { client in
            for body in try await Self.bodies(client) where !body.required.isEmpty {
                let answer = try await Self.send([], to: body, client)
                let expected = body.required.map { "10004 /\($0)" }
                #expect(try answer.problems.sorted() == expected.sorted(), "\(body.path)")
            }
        }
    }

    private static func send(
        _ names: [String],
        to body: Body,
        _ client: TestClient
    ) async throws -> TestAnswer {
        let members = names.map { #""\#($0)":0.5"# }.joined(separator: ",")
        return try await client.send(body.method, body.path, Array("{\(members)}".utf8))
    }

    private static func bodies(_ client: TestClient) async throws -> [Body] {
        let network = try await client.network()
        let gateway = try await client.gateway(in: network)
        let peer = try await client.peer(of: gateway)
        let organization = try await client.post("/v2/organizations", #"{"name":"tenant"}"#)
            .created(200)
        let user = try await client.post("/v2/users", #"{"name":"u","role":"viewer"}"#)
            .created(200)
        let service = try await client.post(
            "/v2/private_services",
            #"{"name":"sip","prefixes":["192.0.2.0/24"]}"#
        ).created(200)
        let webhook = try await client.webhook()
        let node = try await client.node("one")
        _ = try await client.post("/v2/regions", #"{"code":"mars"}"#)
        return [
            try Body(NewNode.self, .post, "/v2/nodes"),
            try Body(NodeChangeRequest.self, .patch, "/v2/nodes/\(node)"),
            try Body(NewJoinToken.self, .post, "/v2/nodes/\(node)/join_token"),
            try Body(NewRegion.self, .post, "/v2/regions"),
            try Body(RegionChange.self, .patch, "/v2/regions/mars"),
            try Body(NewOrganization.self, .post, "/v2/organizations"),
            try Body(OrganizationChange.self, .patch, "/v2/organizations/\(organization)"),
            try Body(NewAPIKey.self, .post, "/v2/api_keys"),
            try Body(NewUser.self, .post, "/v2/users"),
            try Body(UserChange.self, .patch, "/v2/users/\(user)"),
            try Body(NewInvitation.self, .post, "/v2/users/\(user)/invitation"),
            try Body(NewNetwork.self, .post, "/v2/networks"),
            try Body(NetworkChange.self, .patch, "/v2/networks/\(network)"),
            try Body(NewGateway.self, .post, "/v2/wireguard_interfaces"),
            try Body(GatewayChange.self, .patch, "/v2/wireguard_interfaces/\(gateway)"),
            try Body(NewPeer.self, .post, "/v2/wireguard_peers"),
            try Body(PeerChange.self, .patch, "/v2/wireguard_peers/\(peer)"),
            try Body(NewPeerShare.self, .post, "/v2/wireguard_peers/\(peer)/shares"),
            try Body(NewDefaultGateway.self, .post, "/v2/networks/\(network)/default_gateway"),
            try Body(NewInternetGateway.self, .post, "/v2/public_internet_gateways"),
            try Body(NewPrivateService.self, .post, "/v2/private_services"),
            try Body(PrivateServiceChange.self, .patch, "/v2/private_services/\(service)"),
            try Body(NewNetworkRoute.self, .post, "/v2/network_routes"),
            try Body(NewWebhook.self, .post, "/v2/webhooks"),
            try Body(WebhookChange.self, .patch, "/v2/webhooks/\(webhook)"),
            try Body(NewWebhookSecret.self, .post, "/v2/webhooks/\(webhook)/secret"),
            try Body(NewRehearsal.self, .post, "/v2/rehearsals"),
        ]
    }
}
