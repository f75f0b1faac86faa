import Spelling
import Testing

struct NearestWordTests {
    private static let words = ["network", "gateway", "peer", "public_key", "persistent_keepalive"]

    @Test(
        "a misspelled word leads to the known word that was meant",
        arguments: [
            ("netwrok", "network"), ("gatway", "gateway"), ("pear", "peer"), ("PEER", "peer"),
            ("publickey", "public_key"), ("persistent-keepalive", "persistent_keepalive"),
            ("gateways", "gateway"),
        ]
    )
    func meant(word: String, known: String) {
        #expect(NearestWord.to(word, among: Self.words) == known)
    }

    @Test(
        "a word that resembles none of the known ones leads to none of them",
        arguments: ["", "x", "colour", "per son", String(repeating: "a", count: 100_000)]
    )
    func strange(word: String) {
        #expect(NearestWord.to(word, among: Self.words) == nil)
    }

    @Test("of two words that are equally near, the one that is listed first is named")
    func ties() {
        #expect(NearestWord.to("pee", among: ["peer", "peek"]) == "peer")
        #expect(NearestWord.to("pee", among: ["peek", "peer"]) == "peek")
    }
}
