import CommandLineProgram
import GatewayDomain
import JSON

/// One answer for a person to read, or as the API wrote it for a program. An array has one line for each element
/// in `jsonl`.
struct Report {
    private let format: OutputFormat
    private let screen: Screen

    /// - Parameter name: of the format; nil for a page to read.
    init(as name: String?, on screen: Screen = .output) throws(CommandFailure) {
        format = try name.map(OutputFormat.init(named:)) ?? .table
        self.screen = screen
    }

    var isForPeople: Bool { format == .table || format == .wide }

    /// - Parameter names: what `-o name` prints, a line each.
    func print(
        _ json: JSONValue,
        names: [String],
        _ write: (inout ReportPage) -> Void
    ) throws {
        try OutputFile.standardOutput.write(text(json, names: names, write))
    }

    func text(
        _ json: JSONValue,
        names: [String],
        _ write: (inout ReportPage) -> Void
    ) -> String {
        switch format {
        case .json: return json.indented + "\n"
        case .jsonl:
            guard case .array(let elements) = json else { return json.encoded + "\n" }
            return elements.map { $0.encoded + "\n" }.joined()
        case .yaml: return json.yaml
        case .name: return names.map { $0 + "\n" }.joined()
        case .table, .wide:
            var page = ReportPage(screen)
            write(&page)
            return page.text
        }
    }
}

/// Words and paragraphs beside each other, broken into lines where a terminal ends.
struct ReportPage {
    let screen: Screen
    private(set) var text = ""

    /// A paragraph is not made narrower than this for a small terminal.
    private static let narrowest = 24

    init(_ screen: Screen) {
        self.screen = screen
    }

    /// The line that says what the page is about.
    mutating func head(_ title: String, _ word: String, _ mood: Cell.Mood) {
        text += "\(title.withoutControls): \(styled(word, TextStyle(mood)))\n"
    }

    mutating func gap() { text += "\n" }

    /// Lines that are ready.
    mutating func write(_ lines: String) { text += lines }

    /// A paragraph behind columns of words, whose other lines begin where its first one does.
    mutating func paragraph(
        _ paragraph: String,
        behind words: [(text: String, width: Int, style: TextStyle)] = [],
        indent: Int = 0
    ) {
        let start = words.reduce(indent) { $0 + $1.width + 2 }
        let head = words.map { word in
            styled(word.text.withoutControls, word.style)
                + String(repeating: " ", count: max(word.width - word.text.displayWidth, 0) + 2)
        }.joined()
        let paragraph = paragraph.withoutControls
        let lines = screen.width.map { paragraph.wrapped(to: max($0 - start, Self.narrowest)) }
        let margin = String(repeating: " ", count: start)
        for (number, line) in (lines ?? [paragraph]).enumerated() {
            text += number == 0 ? String(repeating: " ", count: indent) + head : margin
            text += line + "\n"
        }
    }

    /// A line that stays whole, so that it can be copied.
    mutating func line(_ line: String, indent: Int) {
        text += String(repeating: " ", count: indent) + line.withoutControls + "\n"
    }

    /// A time as people read it, or RFC 3339 for a program.
    func time(_ time: Timestamp) -> String {
        screen.now.map { HumanText.time(time, at: $0) } ?? "\(time)"
    }

    private func styled(_ text: String, _ style: TextStyle) -> String {
        style.apply(to: text, on: screen)
    }
}
