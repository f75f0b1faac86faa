import GatewayDomain
import Testing

struct IdentifierTests {
    @Test("an id is written in lower case and read back")
    func roundTrip() throws {
        let text = "58B42010-DE88-4D9B-A164-D0B8170100BC"
        let id = try #require(NetworkID(text))
        #expect(id.description == text.lowercased())
        #expect(NetworkID(id.description) == id)
    }

    @Test(
        "what is no UUID is no id",
        arguments: [
            "", "1", "58b42010de884d9ba164d0b8170100bc", "58b42010-de88-4d9b-a164-d0b8170100bcx",
        ]
    )
    func malformed(text: String) {
        #expect(PeerID(text) == nil)
    }

    @Test("ids sort like their texts")
    func order() {
        let ids = (0..<50).map { _ in GatewayID.random() }
        #expect(ids.sorted().map(\.description) == ids.map(\.description).sorted())
    }
}
