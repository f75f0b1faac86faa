import Testing

@testable import wgw

struct JoinTokenHintTests {
    @Test("whoever makes a join token that no other machine can use is told why")
    func obstacles() {
        func hint(_ url: String) -> String? { JoinTokenOptions.obstacle(to: url) }
        #expect(hint("http://127.0.0.1:8080")?.contains("another machine finds itself") == true)
        #expect(hint("https://localhost:8080")?.contains("another machine finds itself") == true)
        #expect(hint("http://192.0.2.1:8080")?.contains("nodes join by TLS only") == true)
        #expect(hint("https://192.0.2.1:8080") == nil)
    }
}
