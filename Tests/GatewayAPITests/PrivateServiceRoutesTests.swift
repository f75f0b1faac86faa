import JSON
import Testing

@Suite("Private services over HTTP")
struct PrivateServiceRoutesTests {
    @Test("a private service is created, listed, shown, changed and deleted")
    func lifecycle() async throws {
        try await TestAPI.run { client in
            let path = "/v2/private_services"
            let made = try await client.post(
                path,
                #"{"name":"sip","description":"Calls","prefixes":["192.0.2.0/24","203.0.114.7/32"],"#
                    + #""protocol":"udp","ports":["5060","10000-20000"],"regions":["local"]}"#
            )
            let id = try made.created(200)
            #expect(
                try made.data.masking("id", "created_at", "updated_at") == [
                    "id": "*", "record_type": "private_service", "name": "sip",
                    "description": "Calls", "prefixes": ["192.0.2.0/24", "203.0.114.7/32"],
                    "protocol": "udp", "ports": ["5060", "10000-20000"], "regions": ["local"],
                    "organization_ids": .null,
                    "allow_private_prefixes": .bool(false), "source": "api",
                    "created_at": "*", "updated_at": "*",
                ]
            )
            #expect(try await client.get("\(path)/\(id)").text == made.text)
            #expect(try await client.get("\(path)?filter[name]=sip").data.count == 1)
            #expect(try await client.get("\(path)?filter[name]=api").data.count == 0)
            let again = try await client.post(
                path,
                #"{"name":"sip","prefixes":["198.51.101.0/24"]}"#
            )
            #expect(try again.problems == ["10012 /name"])
            let wrong = try await client.post(
                path,
                #"{"name":"a b","prefixes":["0.0.0.0/0","192.0.2.0/25","10.0.0.0/8"],"#
                    + #""ports":["0"],"regions":["mars"],"protocol":"icmp"}"#
            )
            #expect(
                try Set(wrong.problems) == [
                    "10015 /name", "10015 /prefixes/0", "10012 /prefixes/1", "10015 /prefixes/2",
                    "10015 /ports/0", "10032 /regions/0", "10032 /protocol",
                ]
            )
            let changed = try await client.patch(
                "\(path)/\(id)",
                #"{"ports":null,"protocol":null,"regions":null,"description":null}"#
            )
            #expect(try changed.data["ports"] == .array([]))
            #expect(try changed.data["protocol"] == .null && changed.data["regions"] == .null)
            #expect(try await client.delete("\(path)/\(id)").status == 200)
            #expect(try await client.get("\(path)/\(id)").status == 404)
        }
    }

    @Test("a gateway names its services, and is shown with those that it names")
    func gateway() async throws {
        try await TestAPI.run { client in
            let network = try await client.network()
            _ = try await client.post(
                "/v2/private_services",
                #"{"name":"sip","prefixes":["192.0.2.0/24"]}"#
            )
            let plain = try await client.gateway(in: network)
            let path = "/v2/wireguard_interfaces/\(plain)"
            #expect(try await client.get(path).data["services"] == .null)
            let named = try await client.patch(path, #"{"services":["sip"]}"#)
            #expect(try named.data["services"] == ["sip"])
            #expect(
                try await client.patch(path, #"{"services":["web"]}"#).problems == [
                    "10032 /services/0"
                ]
            )
            let flag = try await client.patch(
                path,
                #"{"services":null,"enable_sip_trunking":true}"#
            )
            #expect(try flag.data["services"] == .null)
            #expect(try flag.data["enable_sip_trunking"] == .bool(true))
        }
    }

    @Test(
        "callers of other organizations read private services, and their journal has none of them"
    )
    func otherOrganization() async throws {
        let api = try await TestAPI()
        let key = try await api.addOrganization()
        try await api.serve { client in
            let tenant = client.with(key: key)
            let id = try await client.post(
                "/v2/private_services",
                #"{"name":"sip","prefixes":["192.0.2.0/24"]}"#
            ).created(200)
            #expect(try await tenant.get("/v2/private_services/\(id)").status == 200)
            #expect(try await tenant.delete("/v2/private_services/\(id)").status == 403)
            let types = try await tenant.events().map { $0["object_type"]?.text }
            #expect(!types.contains("private_service"))
            let own = try await client.events().map { $0["type"]?.text }
            #expect(own.contains("private_service.created"))
        }
    }
}
