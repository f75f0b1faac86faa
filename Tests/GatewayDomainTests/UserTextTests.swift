import GatewayDomain
import Testing

@Suite("Names and passwords as they are typed")
struct UserTextTests {
    @Test("one name is found by all spellings that look the same, and another one is not")
    func names() {
        let user = User.lookupName("J\u{F6}rg")
        for typed in ["Jo\u{308}rg", "J\u{D6}RG", "j\u{F6}rg", "\u{FF2A}\u{F6}\u{FF52}g"] {
            #expect(User.lookupName(typed) == user, "\(typed)")
            #expect(Array(User.lookupName(typed).utf8) == Array(user.utf8), "\(typed)")
        }
        #expect(User.lookupName("Jorg") != user)
        // One letter has two small forms.
        for typed in ["\u{391}\u{3A3}", "\u{3B1}\u{3C2}", "\u{3B1}\u{3C3}"] {
            #expect(User.lookupName(typed) == User.lookupName("\u{3B1}\u{3C3}"), "\(typed)")
        }
        #expect(Array(User.normalizedName("Jo\u{308}rg").utf8) == Array("J\u{F6}rg".utf8))
        #expect(User.normalizedName("J\u{D6}RG") == "J\u{D6}RG", "the case is kept")
    }

    @Test("one password comes from all keyboards")
    func passwords() {
        func bytes(_ text: String) -> [UInt8] { Array(Password(typed: text).text.utf8) }
        #expect(bytes("pa\u{308}ssword") == bytes("p\u{E4}ssword"))
        #expect(bytes("a\u{A0}b\u{3000}c") == Array("a b c".utf8))
        #expect(bytes("correct horse") == Array("correct horse".utf8))
        #expect(bytes("Correct") != bytes("correct"))
        // Not normalized: it is too long in any form.
        let long = String(repeating: "a\u{308}", count: 100_000)
        #expect(bytes(long).count == long.utf8.count)
    }
}
