import GatewayDomain
import Testing

struct ObjectNameTests {
    @Test("blanks around a name are cut, blanks inside stay")
    func trimming() {
        #expect(ObjectName.normalized(" \t my network\n") == "my network")
    }

    @Test("a name of blanks is empty", arguments: ["", " ", "\n\t", "\u{2028}"])
    func empty(text: String) {
        #expect(ObjectName.check(text) == .failure(.empty))
    }

    @Test("255 characters are a name, 256 are not")
    func length() {
        #expect(ObjectName.normalized(String(repeating: "é", count: 255)) != nil)
        #expect(ObjectName.check(String(repeating: "é", count: 256)) == .failure(.tooLong))
    }

    @Test("one letter under a thousand accents is too long")
    func combiningMarks() {
        let text = "a" + String(repeating: "\u{301}", count: 1_000)
        #expect(ObjectName.check(text) == .failure(.tooLong))
    }

    @Test(
        "control characters are refused",
        arguments: ["a\u{0}b", "a\nb", "a\u{7f}b", "a\u{2028}b"]
    )
    func controls(text: String) {
        #expect(ObjectName.check(text) == .failure(.controlCharacter))
    }

    @Test("any script may name things", arguments: ["сеть", "网络", "🛰️ uplink", "O'Brien; --"])
    func scripts(text: String) {
        #expect(ObjectName.normalized(text) == text)
    }
}
