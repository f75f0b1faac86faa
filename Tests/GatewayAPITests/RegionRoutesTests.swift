import GatewayAPI
import JSON
import Testing

@Suite("Regions and coverage over HTTP")
struct RegionRoutesTests {
    @Test("the list of regions comes without pages")
    func regions() async throws {
        try await TestAPI.run { client in
            let answer = try await client.get("/v2/regions")
            #expect(answer.status == 200)
            #expect(try answer.json.names == ["data"])
            #expect(try answer.data.count == 2)
            let region = try #require(try answer.data[0])
            #expect(isTimestamp(region["created_at"]))
            #expect(isTimestamp(region["updated_at"]))
            #expect(
                region.masking("created_at", "updated_at") == [
                    "code": "ashburn-va", "name": "Ashburn VA, US", "record_type": "region",
                    "supported_interfaces": ["wireguard_interface"], "created_at": "*",
                    "updated_at": "*",
                ]
            )
        }
    }

    @Test("coverage says which services are available where")
    func coverage() async throws {
        try await TestAPI.run { client in
            let answer = try await client.get("/v2/network_coverage")
            #expect(answer.status == 200)
            #expect(
                answer.text == #"{"data":["#
                    + #"{"record_type":"network_coverage","available_services":["cloud_vpn"],"#
                    + #""location":{"region":"AMER","site":"IAD","pop":"DC2","#
                    + #""name":"Ashburn VA, US","code":"ashburn-va"}},"#
                    + #"{"record_type":"network_coverage","available_services":["cloud_vpn"],"#
                    + #""location":{"region":"LOCAL","site":"LOCAL","pop":"LOCAL","#
                    + #""name":"Our cellar","code":"local"}}],"#
                    + #""meta":{"page_number":1,"page_size":20,"total_pages":1,"total_results":2}}"#
            )
        }
    }

    @Test(
        "coverage over HTTP is filtered in every spelling that clients use",
        arguments: [
            ("filter[available_services][contains]=cloud_vpn", 2),
            ("filters[available_services][contains]=cloud_vpn", 2),
            ("filter%5Bavailable_services%5D%5Bcontains%5D=cloud_vpn", 2),
            ("filters[available_services]=cloud_vpn", 2),
            ("filter[available_services]=cloud_vpn", 2),
            ("filter[available_services][contains]=virtual_cross_connect", 0),
            ("filter[location.region]=AMER", 1), ("filters[location.site]=IAD", 1),
            ("filter[location.pop]=DC2", 1), ("filter[location.code]=local", 1),
            ("filter[location.code]=local&filter[location.region]=AMER", 0),
            ("page[size]=1&page[number]=2", 1),
        ]
    )
    func filters(query: String, count: Int) async throws {
        try await TestAPI.run { client in
            let answer = try await client.get("/v2/network_coverage?\(query)")
            #expect(answer.status == 200)
            #expect(try answer.data.count == count)
        }
    }
}
