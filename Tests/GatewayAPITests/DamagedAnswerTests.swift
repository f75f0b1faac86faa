import GatewayStore
import HTTPTypes
import LogTestSupport
import Testing

struct DamagedAnswerTests {
    @Test("a damaged object is answered 500 with what is damaged, and DELETE works")
    func network() async throws {
        let api = try await TestAPI()
        try await api.serve { client in
            let network = try await client.network()
            try await api.store.write { db in
                try db.executeScript(
                    "UPDATE network SET address_block = 'nowhere' WHERE id = '\(network)'"
                )
            }
            let path = "/v2/networks/\(network)"
            let refused = [
                try await client.get(path),
                try await client.send(.patch, path, Array(#"{"name":"n"}"#.utf8)),
            ]
            for answer in refused {
                #expect(answer.status == 500)
                #expect(try answer.problems == ["90001"])
                #expect(answer.text.contains("network \(network)"))
                #expect(answer.text.contains("address_block"))
            }
            #expect(try await client.delete(path).status == 200)
            #expect(try await client.get(path).status == 404)
        }
        #expect(!api.log.lines.contains { $0.contains("request failed") })
    }
}
