import JSON
import Testing

@Suite("Changes are tried and not made")
struct RehearsalTests {
    private static let path = "/v2/rehearsals"
    private static let network = "11111111-1111-4111-8111-111111111111"
    private static let gateway = "22222222-2222-4222-8222-222222222222"

    private static func step(
        _ action: String,
        _ resource: String,
        _ id: String,
        _ body: String = "{}"
    ) -> String {
        #"{"action":"\#(action)","resource":"\#(resource)","id":"\#(id)","body":\#(body)}"#
    }

    private static func body(_ steps: [String]) -> String {
        #"{"steps":[\#(steps.joined(separator: ","))]}"#
    }

    @Test(
        "steps that build on each other are tried in order, and nothing of them is there afterwards"
    )
    func inOrder() async throws {
        try await TestAPI.run { client in
            let other = "33333333-3333-4333-8333-333333333333"
            let answer = try await client.post(
                Self.path,
                Self.body([
                    Self.step(
                        "create",
                        "private_services",
                        other,
                        #"{"name":"sip","prefixes":["192.0.2.0/24"]}"#
                    ),
                    Self.step("create", "networks", Self.network, #"{"name":"office"}"#),
                    Self.step(
                        "create",
                        "wireguard_interfaces",
                        Self.gateway,
                        #"{"network_id":"\#(Self.network)","region_code":"local","services":["sip"]}"#
                    ),
                    Self.step(
                        "create",
                        "wireguard_peers",
                        other,
                        #"{"wireguard_interface_id":"\#(Self.gateway)","name":"laptop"}"#
                    ),
                    Self.step("delete", "wireguard_interfaces", Self.gateway),
                ])
            )
            #expect(answer.status == 200, "\(answer.text)")
            #expect(try answer.data["steps_count"] == .integer(5))
            for list in ["private_services", "networks", "wireguard_interfaces", "events"] {
                let found = try await client.get("/v2/\(list)").text
                #expect(!found.contains("sip") && !found.contains("office"), "\(list)")
            }
        }
    }

    @Test("each refused step is told with its place, what needs it is not tried, and the rest is")
    func refusals() async throws {
        try await TestAPI.run { client in
            let made = try await client.network()
            let service = #"{"name":"sip","prefixes":["192.0.2.0/24"]}"#
            let answer = try await client.post(
                Self.path,
                Self.body([
                    Self.step("create", "private_services", Self.gateway, service),
                    Self.step(
                        "create",
                        "private_services",
                        Self.gateway,
                        #"{"name":"api","prefixes":["203.0.114.0/24","192.0.2.128/25"]}"#
                    ),
                    Self.step("create", "networks", Self.network, #"{"name":""}"#),
                    Self.step(
                        "create",
                        "wireguard_interfaces",
                        Self.gateway,
                        #"{"network_id":"\#(Self.network)","region_code":"mars"}"#
                    ),
                    Self.step("update", "networks", made, #"{"name":"renamed"}"#),
                    Self.step("delete", "wireguard_peers", "44444444-4444-4444-8444-444444444444"),
                ])
            )
            #expect(answer.status == 422)
            #expect(
                try answer.problems.map { $0.split(separator: " ").last.map(String.init) } == [
                    "/steps/1/body/prefixes/1", "/steps/2/body/name", "/steps/5",
                ]
            )
            #expect(try await client.get("/v2/networks/\(made)").text.contains("renamed") == false)
        }
    }

    @Test("a viewer hears that it may try no changes, whatever stands in the body")
    func viewer() async throws {
        try await TestAPI.run { client in
            let viewer = client.with(key: try await client.makeKey(role: "viewer"))
            for body in ["{}", Self.body([]), #"{"steps":[7]}"#] {
                #expect(try await viewer.post(Self.path, body).status == 403, "\(body)")
            }
            let nothing = try await client.post(Self.path, Self.body([]))
            #expect(try nothing.data["steps_count"] == .integer(0))
        }
    }

    @Test("a rehearsal that is none, or too long, is refused as a whole")
    func malformed() async throws {
        try await TestAPI.run { client in
            let many = (0...500).map { _ in Self.step("delete", "networks", Self.network) }
            for (body, pointer) in [
                ("{}", "/steps"), (#"{"steps":[7]}"#, "/steps"),
                (Self.body([Self.step("move", "networks", Self.network)]), "/steps/0/action"),
                (Self.body([Self.step("create", "users", Self.network)]), "/steps/0/resource"),
                (
                    #"{"steps":[{"action":"create","resource":"networks","id":"x"}]}"#,
                    "/steps/0/body"
                ),
                (Self.body(many), "/steps"),
            ] {
                let answer = try await client.post(Self.path, body)
                #expect(answer.status == 422, "\(pointer)")
                let places = try answer.problems.map { $0.split(separator: " ").last ?? "" }
                #expect(places == [pointer[...]], "\(answer.text)")
            }
        }
    }
}
