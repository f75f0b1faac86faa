import GatewayDomain
import Testing

struct ObjectNameTests {
    @Test("blanks around an object's name are cut, and blanks inside it are kept")
    func trimming() {
        #expect(ObjectName.normalized(" \t my network\n") == "my network")
    }

    @Test(
        "an object's name of blanks only is refused as empty",
        arguments: ["", " ", "\n\t", "\u{2028}"]
    )
    func empty(text: String) {
        #expect(ObjectName.check(text) == .failure(.empty))
    }

    @Test("an object's name may have 255 characters, and 256 are refused")
    func length() {
        #expect(ObjectName.normalized(String(repeating: "é", count: 255)) != nil)
        #expect(ObjectName.check(String(repeating: "é", count: 256)) == .failure(.tooLong))
    }

    @Test("an object's name of one letter under a thousand accents is refused as too long")
    func combiningMarks() {
        let text = "a" + String(repeating: "\u{301}", count: 1_000)
        #expect(ObjectName.check(text) == .failure(.tooLong))
    }

    @Test(
        "control characters in an object's name are refused",
        arguments: ["a\u{0}b", "a\nb", "a\u{7f}b", "a\u{2028}b"]
    )
    func controls(text: String) {
        #expect(ObjectName.check(text) == .failure(.controlCharacter))
    }

    @Test(
        "a character of an object's name that hides or reorders text is refused, and named",
        arguments: [
            // Overrides, embeddings, isolates and marks of direction.
            "\u{202E}", "\u{202A}", "\u{2066}", "\u{2069}", "\u{200E}", "\u{200F}", "\u{061C}",
            // What has no width: blanks, joiners, the byte order mark, the soft hyphen.
            "\u{200B}", "\u{200C}", "\u{200D}", "\u{2060}", "\u{2063}", "\u{FEFF}", "\u{00AD}",
            "\u{034F}", "\u{180E}",
            // Fillers, which are letters that show nothing.
            "\u{3164}", "\u{115F}", "\u{FFA0}",
            // Tags, variation selectors, annotations.
            "\u{E0041}", "\u{E007F}", "\u{E0001}", "\u{FE0F}", "\u{FE00}", "\u{E0100}", "\u{FFF9}",
        ] as [Unicode.Scalar]
    )
    func hidden(scalar: Unicode.Scalar) {
        for text in ["ab\(scalar)cd", "\(scalar)a", "a\(scalar)", "\(scalar)"] {
            #expect(ObjectName.check(text) == .failure(.hiddenCharacter(scalar)))
        }
    }

    @Test(
        "joiners and selectors in a name are refused in a row, and between characters they do not join",
        arguments: [
            "👩\u{200D}\u{200D}💻", "👩\u{200D}", "👩\u{200D}a", "1\u{200D}2", "❤️\u{FE0F}",
            "می\u{200C}\u{200C}خواهم", "می\u{200C}", "a\u{200C}م", "漢\u{E0100}\u{E0101}",
            "1\u{FE0F}", "🏴\u{E0067}\u{E0062}\u{E007F}",
            // Scripts whose letters have no use for a joiner, or only next to a virama.
            "กิน\u{200C}ข้าว", "กิน\u{200D}ข้าว", "ກ\u{200D}ຂ", "क\u{200D}ष", "क\u{200C}ष",
        ]
    )
    func hiddenInARow(text: String) {
        guard case .failure(.hiddenCharacter) = ObjectName.check(text) else {
            Issue.record("taken: \(text.unicodeScalars.map { $0.value })")
            return
        }
    }

    @Test(
        "joiners and selectors in a name are kept where an emoji or a script needs them",
        arguments: [
            "👩🏽\u{200D}💻 at work", "👨\u{200D}👩\u{200D}👧", "❤\u{FE0F}\u{200D}🔥", "🏳\u{FE0F}\u{200D}🌈",
            "1\u{FE0F}\u{20E3}", "☎\u{FE0E}", "می\u{200C}خواهم", "ක්\u{200D}රිකට්", "क्\u{200D}ष",
            "র\u{200D}\u{09CD}য", "അവന\u{0D4D}\u{200D}", "葛\u{E0100}城", "ᠠ\u{180B}", "עִבְרִית",
        ]
    )
    func neededJoiners(text: String) {
        #expect(ObjectName.normalized(text) == text)
    }

    @Test(
        "an object's name may be of any script",
        arguments: ["сеть", "网络", "🛰️ uplink", "O'Brien; --"]
    )
    func scripts(text: String) {
        #expect(ObjectName.normalized(text) == text)
    }
}
