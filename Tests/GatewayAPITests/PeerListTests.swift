import GatewayDomain
import GatewayService
import JSON
import NodeProtocol
import ServiceTestSupport
import Testing

/// Peers of two gateways in two networks, of which the tests know everything that lists look at.
@Suite("Lists of peers over HTTP")
struct PeerListTests {
    @Test(
        "a list of peers has those that meet its filters and no others",
        arguments: [
            ("filter[name]=anna", ["anna"]), ("filter[name]=Anna", []),
            ("filter[name][contains]=AN", ["anna", "Hanno 100%"]),
            ("filters[name][contains]=an", ["anna", "Hanno 100%"]),
            ("filter[name][contains]=%25", ["Hanno 100%"]), ("filter[name][contains]=_", ["b_c"]),
            ("filter[name][contains]=%5C", []), ("filter[name][contains]=", all),
            ("filter[search]=NN", ["anna", "Hanno 100%"]),
            ("filter[search]=27.0.2", ["anna", "b_c"]),
            ("filter[search]=172.27.", all), ("filter[search]=0.3", ["", "Hanno 100%"]),
            ("filter[search]=hhhhHHHH", ["b_c"]), ("filter[search]=HHE", []),
            ("filter[search]=%25", ["Hanno 100%"]), ("filter[search]=", all),
            ("filter[status]=connected", ["anna"]), ("filter[status]=silent", ["b_c"]),
            ("filter[status]=never_connected", ["", "Hanno 100%"]),
            ("filter[last_seen][lt]=SEEN", ["b_c"]), ("filter[last_seen][gte]=SEEN", ["anna"]),
            ("filter[config_state]=never_fetched", all), ("filter[config_state]=current", []),
            ("filter[wireguard_interface_id]=GATEWAY", ["anna", "b_c", "Hanno 100%"]),
            ("filter[network_id]=NETWORK", [""]),
            ("filter[network_id]=NETWORK&filter[status]=never_connected", [""]),
            ("filter[network_id]=NETWORK&filter[status]=connected", []),
            ("filter[search]=n&filter[status]=never_connected", ["Hanno 100%"]),
            ("filter[id]=ANNA", ["anna"]), ("filter[id]=ANNA,GATEWAY,ANNA", ["anna"]),
            ("filter[colour]=red", all),
        ] as [(String, [String])]
    )
    func filter(query: String, names: [String]) async throws {
        try await serve { client, fill in
            let list = try await client.get("/v2/wireguard_peers?\(fill(query))")
            #expect(list.status == 200, "\(list.text)")
            #expect(try Self.names(of: list) == names)
            let meta = try #require(try list.json["meta"])
            #expect(meta["total_results"] == .integer(names.count))
            let first = try await client.get("/v2/wireguard_peers?page[size]=1&\(fill(query))")
            #expect(try Self.names(of: first) == Array(names.prefix(1)))
            #expect(try first.json["meta"]?["total_results"] == .integer(names.count))
            #expect(try first.json["meta"]?["total_pages"] == .integer(names.count))
        }
    }

    @Test(
        "a list of peers is in the order that it is asked for",
        arguments: [
            ("created_at", all), ("-created_at", all.reversed()),
            ("name", ["", "anna", "b_c", "Hanno 100%"]),
            ("-name", ["Hanno 100%", "b_c", "anna", ""]),
            ("address", ["anna", "b_c", "", "Hanno 100%"]),
            ("last_seen", ["", "Hanno 100%", "b_c", "anna"]),
            ("-last_seen", ["anna", "b_c", "Hanno 100%", ""]),
            ("rx_bytes", ["", "Hanno 100%", "b_c", "anna"]),
            ("-rx_bytes", ["anna", "b_c", "Hanno 100%", ""]),
            ("tx_bytes", ["anna", "", "Hanno 100%", "b_c"]),
            ("-tx_bytes", ["b_c", "Hanno 100%", "", "anna"]),
        ] as [(String, [String])]
    )
    func order(sort: String, names: [String]) async throws {
        try await serve { client, _ in
            let path = "/v2/wireguard_peers?sort=\(sort)"
            let list = try await client.get(path)
            #expect(list.status == 200, "\(list.text)")
            #expect(try Self.names(of: list) == names)
            var pages: [String] = []
            for number in 1...4 {
                let page = try await client.get("\(path)&page[size]=1&page[number]=\(number)")
                pages += try Self.names(of: page)
            }
            #expect(pages == names)
        }
    }

    @Test(
        "a filter or an order that no list of peers can have is refused by its name",
        arguments: [
            ("filter[status]=up", "10031 filter[status]"),
            ("filter[id]=", "10031 filter[id]"), ("filter[id]=a,b", "10031 filter[id]"),
            ("filter[id]=ANNA,", "10031 filter[id]"),
            ("filter[network_id]=mine", "10031 filter[network_id]"),
            ("filter[last_seen][lt]=yesterday", "10031 filter[last_seen][lt]"),
            ("filters[last_seen][gte]=1", "10031 filters[last_seen][gte]"),
            ("filter[search]=\(String(repeating: "a", count: 256))", "10031 filter[search]"),
            (
                "filter[name][contains]=\(String(repeating: "%C3%A4", count: 256))",
                "10031 filter[name][contains]"
            ),
            ("filter[search]=%00", "10031 filter[search]"),
            ("filter[name][contains]=a%00b", "10031 filter[name][contains]"),
            ("filter[search]=%ff", "10031 filter[search]"), ("sort=colour", "10032 sort"),
            ("sort=--name", "10032 sort"), ("sort=", "10032 sort"), ("sort=%ff", "10032 sort"),
        ]
    )
    func refusal(query: String, problem: String) async throws {
        try await serve { client, fill in
            let list = try await client.get("/v2/wireguard_peers?\(fill(query))")
            #expect(list.status == 422)
            #expect(try list.problems == [problem], "\(list.text)")
        }
    }

    @Test("as many peers as a page has can be asked for by their ids, and one more is refused")
    func manyIDs() async throws {
        try await serve { client, fill in
            let path = fill("/v2/wireguard_peers?filter[id]=ANNA")
            let more = (1..<250).map { _ in ",\(PeerID.random())" }.joined()
            let list = try await client.get(path + more)
            #expect(try Self.names(of: list) == ["anna"])
            let tooMany = try await client.get(path + more + ",\(PeerID.random())")
            #expect(tooMany.status == 422)
        }
    }

    private static let all = ["anna", "b_c", "", "Hanno 100%"]

    private static func names(of list: TestAnswer) throws -> [String] {
        guard case .array(let peers) = try list.data else { return [] }
        return peers.map { $0["name"]?.text ?? "" }
    }

    /// - Parameter test: gets a function that puts the ids and the time into a query.
    private func serve(
        _ test: @Sendable (TestClient, @Sendable (String) -> String) async throws -> Void
    ) async throws {
        let api = try await TestAPI()
        try await api.serve { client in
            let network = try await client.network()
            let gateway = try await client.gateway(
                in: client.network(),
                #","subnet":"172.27.0.0/24""#
            )
            let other = try await client.gateway(in: network, #","subnet":"172.27.0.0/24""#)
            // Keys of the tests' own, because a search looks at the beginning of a key as well.
            let anna = try await client.peer(of: gateway, Self.members("anna", 2, "Q"))
            let silent = try await client.peer(of: gateway, Self.members("b_c", 20, "H"))
            _ = try await client.peer(of: other, Self.members(nil, 30, "R"))
            _ = try await client.peer(of: gateway, Self.members("Hanno 100%", 31, "S"))
            let now = api.clock.now()
            let seen = now.advanced(bySeconds: -10)
            let before = now.advanced(bySeconds: -PeerConnection.sessionSeconds)
            try await api.controlPlane.nodeFeed.report(peers: [
                try Self.report(anna, handshake: seen, received: 7, sent: 0),
                try Self.report(silent, handshake: before, received: 3, sent: 5),
            ])
            try await test(client) { text in
                var text = text
                for (word, value) in [
                    ("GATEWAY", gateway), ("NETWORK", network), ("ANNA", anna), ("SEEN", "\(seen)"),
                ] {
                    text = text.split(separator: word, omittingEmptySubsequences: false)
                        .joined(separator: value)
                }
                return text
            }
        }
    }

    private static func members(_ name: String?, _ address: Int, _ letter: Character) -> String {
        let key = String(repeating: letter, count: 42) + "E="
        let name = name.map { #","name":"\#($0)""# } ?? ""
        return name + #","public_key":"\#(key)","address":"172.27.0.\#(address)""#
    }

    private static func report(
        _ id: String,
        handshake: Timestamp,
        received: UInt64,
        sent: UInt64
    ) throws -> PeerReport {
        PeerReport(
            id: try #require(PeerID(id)),
            lastSeen: handshake,
            latestHandshakeAt: handshake,
            endpoint: nil,
            rxBytesAdded: received,
            txBytesAdded: sent
        )
    }
}
