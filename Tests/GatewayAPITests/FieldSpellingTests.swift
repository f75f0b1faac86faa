import GatewayAPI
import HTTPTypes
import JSON
import Testing

/// What the OpenAPI document calls an integer or a `date-time` has more than one spelling, and a
/// client that was generated from it may choose any.
@Suite("A good member of a body")
struct FieldSpellingTests {
    @Test("a time in a body may have any offset of RFC 3339, and is shown in UTC")
    func times() async throws {
        try await TestAPI.run { client in
            for text in [
                "2099-01-31T12:00:00Z", "2099-01-31T12:00:00+00:00", "2099-01-31T14:00:00+02:00",
                "2099-01-31t04:00:00.000000000-08:00", "2099-01-31T12:00:00.000z",
            ] {
                let made = try await client.post(
                    "/v2/api_keys",
                    #"{"name":"ci","role":"viewer","expires_at":"\#(text)"}"#
                )
                #expect(made.status == 200, "\(text): \(made.text)")
                #expect(try made.data["expires_at"] == "2099-01-31T12:00:00.000000Z")
            }
        }
    }

    @Test("a whole number in a body may have zeros behind the point, or an exponent")
    func integers() async throws {
        try await TestAPI.run { client in
            let network = try await client.network()
            let made = try await client.post(
                "/v2/wireguard_interfaces",
                """
                {"network_id":"\(network)","region_code":"local","mtu":1.42e3,
                "persistent_keepalive":25.0,"subnet_prefix_length":240e-1}
                """
            )
            #expect(made.status == 202, "\(made.text)")
            #expect(try made.data["mtu"] == .integer(1420))
            #expect(try made.data["persistent_keepalive"] == .integer(25))
            #expect(try made.data["server_ip_address"]?.text?.hasSuffix("/24") == true)
        }
    }
}
