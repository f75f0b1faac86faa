import GatewayDomain
import JSON
import OpenAPI
import Testing

@testable import APIContract

struct RequestTests {
    @Test("every request is written as it was read", arguments: RequestExample.all)
    func roundTrip(example: RequestExample) {
        #expect(example.rewritten(example.json) == example.json)
        #expect(example.problems(example.json) == [])
    }

    @Test("the schema of every request accepts what is written", arguments: RequestExample.all)
    func schemas(example: RequestExample) {
        #expect(SchemaChecker().complaints(about: example.json, example.schema) == [])
        #expect(example.schema.json["properties"]?.names == example.json.names)
    }

    @Test("every schema of a request is tried by an example")
    func coverage() {
        #expect(Contracts.requests.map(\.name) == RequestExample.all.map(\.testDescription))
    }

    @Test(
        "a value of the wrong type is reported where it stands, in every place of every request",
        arguments: RequestExample.all
    )
    func misfits(example: RequestExample) {
        for misfit in example.json.misfits {
            let problems = example.problems(misfit.json)
            // One element of the wrong type makes the array one.
            let place = misfit.pointer.split(separator: "/").prefix { Int($0) == nil }
                .map { "/\($0)" }.joined()
            #expect(problems.map(\.pointer) == [place])
            guard case .wrongType = problems.first?.reason else {
                Issue.record("\(misfit.pointer): \(problems)")
                continue
            }
        }
    }

    @Test("a member that is left out, or null, is not a mistake of the body itself")
    func absence() {
        let request = NewPeer(JSONObject([.init(name: "name", value: .null)]))
        #expect(request.problems.isEmpty)
        #expect(request.name.isNull)
        #expect(request.publicKey.isAbsent)
        #expect(request.publicKey.pointer == "/public_key")
        #expect(request.json == .object(JSONObject([.init(name: "name", value: .null)])))
    }

    @Test("each malformed id of an array is reported where it stands")
    func arrays() {
        let body = JSONObject([
            .init(
                name: "network_ids",
                value: ["x", "6a09e667-f3bc-4908-b2fb-1366ea957d3e", ""]
            )
        ])
        guard case .value(let fields) = NewAPIKey(body).networkIDs.content else {
            Issue.record("the array was refused")
            return
        }
        #expect(
            fields.compactMap(\.problem) == [
                FieldProblem("/network_ids/0", .unknownAssociation),
                FieldProblem("/network_ids/2", .unknownAssociation),
            ]
        )
    }
}

/// A request with everything that it can have, without its type.
struct RequestExample: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let schema: Schema
    let json: JSONValue
    let problems: @Sendable (JSONValue) -> [FieldProblem]
    let rewritten: @Sendable (JSONValue) -> JSONValue

    private init<Request: APIRequest>(_: Request.Type, _ json: JSONValue) {
        testDescription = Request.contract.name
        schema = Request.contract.schema
        self.json = json
        problems = { Request($0.body).problems }
        rewritten = { Request($0.body).json }
    }

    static let all = [
        RequestExample(NewOrganization.self, ["name": "tenant"]),
        RequestExample(OrganizationChange.self, ["name": "tenant", "suspended": .bool(true)]),
        RequestExample(
            NewAPIKey.self,
            [
                "name": "ci", "role": "viewer", "network_ids": [id],
                "expires_at": "2099-01-31T12:00:00.000000Z",
            ]
        ),
        RequestExample(
            NewUser.self,
            [
                "name": "Ada", "role": "owner", "network_ids": [id],
                "expires_in": .integer(86_400),
            ]
        ),
        RequestExample(
            UserChange.self,
            ["name": "Ada", "role": "viewer", "network_ids": [id]]
        ),
        RequestExample(NewInvitation.self, ["expires_in": .integer(600)]),
        RequestExample(
            PasswordChange.self,
            ["old_password": "correct horse", "new_password": "battery staple"]
        ),
        RequestExample(NewSignInCode.self, [:]),
        RequestExample(NewNetwork.self, ["name": "office", "address_block": "10.0.0.0/16"]),
        RequestExample(NetworkChange.self, ["name": "office"]),
        RequestExample(
            NewGateway.self,
            [
                "network_id": id, "region_code": "local", "name": "entry",
                "enable_sip_trunking": .bool(false), "services": ["sip", "api"],
                "subnet": "10.0.1.0/24",
                "subnet_prefix_length": .integer(24), "mtu": .integer(1_420),
                "persistent_keepalive": .integer(25), "private_key": key,
                "listen_port": .integer(51_820), "server_ip_address": "10.0.1.254/24",
                "node_id": id,
            ]
        ),
        RequestExample(
            GatewayChange.self,
            [
                "name": .null, "enable_sip_trunking": .bool(true), "services": ["sip"],
                "mtu": .integer(1_280), "persistent_keepalive": .integer(0), "node_id": id,
            ]
        ),
        RequestExample(
            NewPeer.self,
            [
                "wireguard_interface_id": id, "name": "laptop", "public_key": key,
                "preshared_key": .bool(true), "persistent_keepalive": .integer(0),
                "address": "10.0.1.9", "allowed_ips": ["192.168.10.0/24", "2001:db8:1::/48"],
                "endpoint": "192.0.2.1:51820",
            ]
        ),
        RequestExample(
            PeerChange.self,
            [
                "name": .null, "public_key": key, "preshared_key": key,
                "persistent_keepalive": .integer(65_535), "address": "10.0.1.9",
                "allowed_ips": ["192.168.10.0/24"],
            ]
        ),
        RequestExample(
            NewPeerShare.self,
            ["private_key": key, "full_tunnel": .bool(true), "expires_in": .integer(60)]
        ),
        RequestExample(NewPeerConfigURL.self, [:]),
        RequestExample(NewDefaultGateway.self, ["wireguard_peer_id": id]),
        RequestExample(
            NewInternetGateway.self,
            ["network_id": id, "region_code": "local", "name": "exit"]
        ),
        RequestExample(
            NewPrivateService.self,
            [
                "name": "sip", "description": "Calls", "prefixes": ["192.0.2.0/24"],
                "protocol": "udp", "ports": ["5060", "10000-20000"], "regions": ["local"],
                "organization_ids": [id], "allow_private_prefixes": .bool(false),
            ]
        ),
        RequestExample(
            PrivateServiceChange.self,
            [
                "description": .null, "prefixes": ["192.0.2.0/24"], "protocol": "tcp",
                "ports": ["443"], "regions": ["local"], "organization_ids": [id],
                "allow_private_prefixes": .bool(true),
            ]
        ),
        RequestExample(
            NewNetworkRoute.self,
            [
                "network_id": id, "cidr": "192.168.10.0/24",
                "next_hop": ["type": "wireguard_peer", "id": id],
            ]
        ),
        RequestExample(
            NewNode.self,
            [
                "name": "edge", "regions": ["ashburn-va"], "endpoint_address": "198.51.100.7",
                "port_range": "5000-5999", "expires_in": .integer(600),
            ]
        ),
        RequestExample(
            NodeChangeRequest.self,
            [
                "name": "edge", "regions": ["ashburn-va"], "endpoint_address": "edge.example.com",
                "port_range": "5000-5999", "draining": .bool(true),
            ]
        ),
        RequestExample(NewJoinToken.self, ["expires_in": .integer(600)]),
        RequestExample(
            NewRegion.self,
            ["code": "mars-1", "name": "Mars", "area": "EMEA", "site": "MRS", "pop": "M1"]
        ),
        RequestExample(
            RegionChange.self,
            ["name": "Mars", "area": "APAC", "site": .null, "pop": "M2"]
        ),
        RequestExample(
            NewLimits.self,
            [
                "rx_rate": .integer(1_000_000), "tx_rate": .integer(2_000_000), "quota": quota,
                "connected_peers": .integer(50),
            ]
        ),
        RequestExample(NewQuota.self, quota),
        RequestExample(
            NewRehearsal.self,
            [
                "steps": [
                    [
                        "action": "delete", "resource": "networks", "id": id,
                        "body": .object(JSONObject()),
                    ]
                ]
            ]
        ),
        RequestExample(
            NewWebhook.self,
            [
                "name": "alerts", "url": "https://example.com/wgw",
                "events": ["wireguard_peer.silent", "network.*", "*"], "enabled": .bool(false),
            ]
        ),
        RequestExample(
            WebhookChange.self,
            [
                "name": "alerts", "url": "https://example.com/wgw?a=b", "events": ["*"],
                "enabled": .bool(true),
            ]
        ),
        RequestExample(NewWebhookSecret.self, ["old_expires_in": .integer(60)]),
        RequestExample(NewWebhookTest.self, [:]),
        RequestExample(NewWebhookRetry.self, [:]),
    ]

    private static let quota: JSONValue = [
        "bytes": .integer(10_000_000_000), "action": "throttle", "throttle_rate": .integer(64_000),
        "reset_day": .integer(15),
    ]

    private static let id: JSONValue = "6a09e667-f3bc-4908-b2fb-1366ea957d3e"
    private static let key: JSONValue = "HIgo9xNzJMWLKASShiTqIybxZ0U3wGLiUeJ1PKf8ykw="
}

extension JSONValue {
    fileprivate var body: JSONObject {
        guard case .object(let object) = self else { return JSONObject() }
        return object
    }
}
