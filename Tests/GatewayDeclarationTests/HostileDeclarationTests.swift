import GatewayDeclaration
import TestSupport
import Testing

/// A file may come from anyone: it must not take the program's memory, stack or time.
struct HostileDeclarationTests {
    private static let bomb = """
        version: 1
        a: &a [x, x, x, x, x, x, x, x]
        b: &b [*a, *a, *a, *a, *a, *a, *a, *a]
        c: &c [*b, *b, *b, *b, *b, *b, *b, *b]
        """

    @Test(
        "anchors, aliases, tags and texts of several lines are refused with their line",
        arguments: [
            (bomb, 2), ("version: 1\npeers: *a", 2), ("version: &a 1", 1), ("? *a : 1", 1),
            ("{*a : 1}", 1), ("[1, *a]", 1), ("[1,*a]", 1), ("{\"a\":*a}", 1), ("- - *a", 1),
            ("--- *a", 1), ("--- &a", 1), ("a:\t*a", 1), ("version: !!int 1", 1),
            ("%TAG ! tag:x,2000:\n---\na: 1", 1), ("a: |\n  text", 1), ("a: >\n  text", 1),
            ("a: \"x\n y\"", 1), ("a: 'x\n y'", 1), ("a: x\n  \"y\nb: *a\n\"", 2),
            ("a: x\u{2028}- *a", 2), ("a: x\u{85}- *a", 2), ("a: x\r- *a", 2),
            ("'a': 'it''s', *a: 1", 1), ("a: b\n%YAML 1.1", 2), ("a: 1\n\u{FEFF}b: 1", 2),
        ]
    )
    func indicators(text: String, line: Int) {
        let mistakes = Declaration.read(text).mistakes
        #expect(mistakes.count == 1)
        #expect(mistakes.first?.line == line)
        #expect(mistakes.first?.text.contains("YAML") == false, "\(mistakes)")
    }

    @Test(
        "a text that looks like quotes or brackets hides no anchor and no depth",
        arguments: [
            ("a: x\n  ]]]\nb: [x, &a y, *a]", 2), ("[x\n 'y, &a z']", 2),
            ("a: x\n  [\nk,'y: &a z'", 2),
            ("- x\n  - [\nk,'y: &a z'", 2), ("- a:é\n  [\nk,'y: &a z'", 2), ("a:\n  x\n  [", 2),
            ("--- x\n[", 2), ("a: x # y\n  [", 2), ("a: x\n\n  [", 3), ("? a\n: x\n  [", 3),
            ("[x, -'y, &a z']", 1), (":'y: &a z'", 1), ("[x:'y, &a z']", 1), ("[x::'y, &a z']", 1),
            ("]", 1), ("a: x\n  ]\nb: " + String(repeating: "[", count: 100_000), 2),
        ]
    )
    func textInDisguise(text: String, line: Int) {
        let mistakes = Declaration.read(text).mistakes
        #expect(mistakes.count == 1)
        #expect(mistakes.first?.line == line, "\(mistakes)")
        #expect(mistakes.first?.text.contains("YAML") == false, "\(mistakes)")
    }

    @Test(
        "lines below a text are read as what they are",
        arguments: [
            "version: 1\nnetworks:\n- name: x\n", "networks:\n  - name: x # y\n# z\n\nversion: 1",
            "{version: 1, networks: [{name: x\n}]}", "? version\n: 1\n? networks\n: - name: x",
            "---\nversion: 1\nnetworks: [name: x]\n...\n",
            "networks:\n-   name: x\nversion:\n  1",
            "{\"version\":1,\"networks\":[{\"name\":\"x\"}]}",
        ]
    )
    func lines(text: String) {
        let (plan, mistakes) = Declaration.planned(text, for: SimulatedServer(seed: 1))
        #expect(mistakes == [])
        #expect(plan.text == "+ network x")
    }

    @Test(
        "a text that merely holds such a character is taken",
        arguments: [
            "Tom & Jerry", "a*b", "a *b", "R&D", "why! yes", "a|b > c", "50%", "*a in quotes",
            "it's",
            "\"quoted\" inside", "a,b", "{x}", "- not a list",
        ]
    )
    func harmless(name: String) {
        let quoted = ["*", "\"", "{", "-"].contains { name.hasPrefix($0) }
        let text = quoted ? "'\(name)'" : name.contains("'") ? "\"\(name)\"" : name
        let (plan, mistakes) = Declaration.planned(
            "version: 1\nnetworks:\n- name: \(text)",
            for: SimulatedServer(seed: 1)
        )
        #expect(mistakes == [])
        #expect(plan.text == "+ network \(name)")
    }

    @Test(
        "values that are nested too deep are refused, whatever nests them",
        arguments: Nest.allCases
    )
    func depth(nest: Nest) {
        let mistake = Declaration.read(nest.text).mistakes.first?.text
        #expect(mistake == "values are nested deeper than 16 levels")
    }

    enum Nest: CaseIterable {
        case brackets, braces, hyphens, questions, indentation, fewHyphens

        var text: String {
            switch self {
            case .brackets: String(repeating: "[", count: 100_000)
            case .braces: String(repeating: "{a: ", count: 100_000)
            case .hyphens: String(repeating: "- ", count: 100_000) + "a"
            case .questions: String(repeating: "? ", count: 100_000) + "a"
            case .indentation:
                (0..<990).map { String(repeating: " ", count: $0) + "a:\n" }.joined()
            case .fewHyphens:
                (0..<20).map { String(repeating: " ", count: $0) + "- \n" }.joined()
            }
        }
    }

    @Test("a file larger than the bound is refused before it is read")
    func size() {
        let text = "version: 1\n" + String(repeating: "#", count: 32 << 20)
        #expect(Declaration.read(text).mistakes.map(\.text) == ["the file is larger than 32 MiB"])
    }

    @Test("no text that passes the scan has an anchor or an alias for YAML's own reader")
    func scanMissesNothing() throws {
        let fragments = [
            "a", "b: ", "- ", "? ", ": ", ":", "[", "]", "{", "}", ", ", ",", "\"", "'", "''", "\\",
            "#",
            " #", "\n", "\n  ", "\n    ", "\r", "\t", " ", "*a", "&a ", "*a ", "---", "--- ", "...",
            "\u{85}", "\u{2028}", "x y", "|", ">", "!", "%", "-", "@", "`", "\u{FEFF}",
            "x, ", "'y", ":'", "-'", "z'", "  - ", "é",
        ]
        var passed = 0
        for seed in 0..<40_000 as Range<UInt64> {
            var random = SplitMix64(seed: seed)
            var text = Bool.random(using: &random) ? "&a q: 1\n" : ""
            for _ in 0..<Int.random(in: 1...14, using: &random) {
                text += fragments.randomElement(using: &random) ?? ""
            }
            let mistakes = Declaration.read(text).mistakes
            if mistakes.contains(where: { $0.text.hasPrefix("anchors") }) { continue }
            passed += 1
            // An alias without its anchor is the error that YAML's reader has for any alias.
            #expect(!mistakes.contains { $0.text.contains("alias") }, "\(text.debugDescription)")
        }
        #expect(passed > 1_000)
    }
}
