import GatewayDomain
import Testing

@testable import wgw

struct TableTests {
    private static func table(_ heads: [String], width: Int? = nil, colors: Bool = false) -> Table {
        Table(
            heads: heads,
            hasHeader: true,
            screen: Screen(isTerminal: width != nil, width: width, hasColors: colors)
        )
    }

    @Test("columns are as wide as their widest cell, and numbers end in one line")
    func alignment() {
        var table = Self.table(["NAME", "PEERS"])
        let rows: [[Cell]] = [[.text("a"), .number(7)], [.text("longer"), .number(1_234_567)]]
        #expect(
            table.text(of: rows) == """
                NAME      PEERS
                a             7
                longer  1234567

                """
        )
    }

    @Test("later rows keep the columns of the first, and have no heads of their own")
    func secondPiece() {
        var table = Self.table(["NAME", "PEERS"])
        _ = table.text(of: [[.text("first"), .text("x")]])
        #expect(table.text(of: [[.text("a"), .text("y")]]) == "a      y\n")
    }

    @Test("on a small terminal the widest column is cut, and in a pipe nothing is")
    func narrow() {
        let rows: [[Cell]] = [[.text(String(repeating: "n", count: 40)), .text("end")]]
        var small = Self.table(["NAME", "LAST"], width: 30)
        #expect(
            small.text(of: rows).split(separator: "\n").last.map(String.init)
                == String(repeating: "n", count: 23) + "…  end"
        )
        var pipe = Self.table(["NAME", "LAST"])
        #expect(pipe.text(of: rows).contains(String(repeating: "n", count: 40)))
    }

    @Test("times and counts are short where a table does not fit otherwise")
    func short() throws {
        let terminal = Screen(isTerminal: true, width: nil, hasColors: false)
        let now = try #require(terminal.now)
        let rows: [[Cell]] = [
            [
                .text("laptop"), .time(now.advanced(bySeconds: -7_000)),
                .bytes(1_500_000),
            ]
        ]
        func text(_ width: Int) -> String {
            var table = Table(
                heads: ["NAME", "LATEST HANDSHAKE", "SENT"],
                shortHeads: ["NAME", "HANDSHAKE", "SENT"],
                hasHeader: true,
                screen: Screen(isTerminal: true, width: width, hasColors: false)
            )
            return table.text(of: rows)
        }
        #expect(
            text(34)
                == """
                NAME    LATEST HANDSHAKE     SENT
                laptop  1 hour ago        1.4 MiB

                """
        )
        #expect(text(30) == "NAME    HANDSHAKE  SENT\nlaptop  1h         1.4M\n")
    }

    @Test("letters that a terminal sets twice as wide count twice")
    func wideLetters() {
        var table = Self.table(["NAME", "X"])
        let rows: [[Cell]] = [[.text("日本"), .text("x")], [.text("abcd"), .text("x")]]
        #expect(table.text(of: rows) == "NAME  X\n日本  x\nabcd  x\n")
    }

    @Test("a name with control characters cannot move the cursor")
    func controls() {
        #expect(Cell.text("a\u{1B}[31mb\n").text(at: nil) == "a\\u{1b}[31mb\\u{a}")
    }

    @Test("colours are used where the screen has them, and nowhere else")
    func colors() {
        let rows: [[Cell]] = [[.state("provisioned", .good)]]
        var colored = Self.table(["STATUS"], width: 80, colors: true)
        #expect(colored.text(of: rows).contains("\u{1B}[32mprovisioned\u{1B}[0m"))
        var plain = Self.table(["STATUS"], width: 80)
        #expect(!plain.text(of: rows).contains("\u{1B}"))
    }
}
