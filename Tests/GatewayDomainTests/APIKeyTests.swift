import GatewayDomain
import Testing

struct APIKeyTests {
    @Test("a made API key has the form of a key and is never made twice")
    func make() {
        var generator = SystemRandomNumberGenerator()
        let keys = (0..<100).map { _ in APIKeyText.make(using: &generator) }
        #expect(Set(keys).count == 100)
        for key in keys {
            #expect(key.hasPrefix("KEY"))
            #expect(key.count == 43)
            #expect(APIKeyText.isAcceptable(key))
        }
    }

    @Test(
        "an API key that is short or does not fit into a header is refused",
        arguments: [
            "", "short", "fifteen-letters", "with a blank in it", "line\nbreak-inside-it",
            "ключключключключ",
        ]
    )
    func unacceptable(text: String) {
        #expect(!APIKeyText.isAcceptable(text))
    }
}
