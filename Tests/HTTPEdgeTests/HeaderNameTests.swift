import HTTPEdge
import HTTPTypes
import Testing

@Suite("Names of header fields")
struct HeaderNameTests {
    @Test("every name of a header field that the edge uses can stand in a request")
    func names() {
        let names: [HTTPField.Name] = [.requestID, .rateLimit, .rateRemaining, .rateReset]
        #expect(
            names.map(\.canonicalName) == [
                "x-request-id", "x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset",
            ]
        )
    }
}
