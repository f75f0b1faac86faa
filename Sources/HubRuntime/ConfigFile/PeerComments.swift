/// What comments of a config file call its peers. WireGuard has no names, so people and programs write
/// them into comments: `# Name = laptop`, `# friendly_name=laptop`, `### Client laptop`, or the name alone,
/// above `[Peer]`, behind it or on a line of its section.
enum PeerComments {
    /// From the most certain to the least.
    private enum Place: Int, Comparable {
        case named, behindSection, inSection, aboveSection, behindSetting

        static func < (left: Place, right: Place) -> Bool { left.rawValue < right.rawValue }
    }

    /// The names by the number of the line, from 1 up, in which `[Peer]` stands.
    static func names(in text: [UInt8]) -> [Int: String] {
        var names: [Int: String] = [:]
        var section: (line: Int, place: Place?)?
        var above: String?
        var hasSettings = false
        func take(_ comment: String, at place: Place) {
            guard let (line, known) = section else { return }
            let named = explicitName(comment)
            guard let name = named ?? freeName(comment) else { return }
            let place = named == nil ? place : .named
            if let known, known <= place { return }
            names[line] = name
            section = (line, place)
        }
        let lines = text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() {
            let hash = line.firstIndex(of: UInt8(ascii: "#")) ?? line.endIndex
            let content = line[..<hash].filter { $0 > UInt8(ascii: " ") }
            let comment =
                hash == line.endIndex ? nil : String(decoding: line[hash...], as: UTF8.self)
            if content.first == UInt8(ascii: "[") {
                let isPeer = ConfigLine.Section(Array(content)) == .peer
                section = isPeer ? (index + 1, nil) : nil
                hasSettings = false
                if let above { take(above, at: .aboveSection) }
                if let comment { take(comment, at: .behindSection) }
                above = nil
            } else if content.isEmpty {
                above = comment
                if let comment, !hasSettings { take(comment, at: .inSection) }
                // A later comment may be about the next section, unless it says that it is a name.
                if let comment, hasSettings, explicitName(comment) != nil {
                    take(comment, at: .named)
                }
            } else {
                above = nil
                hasSettings = true
                if let comment { take(comment, at: .behindSetting) }
            }
        }
        return names
    }

    /// `Name = laptop` and its like.
    private static func explicitName(_ comment: String) -> String? {
        let text = body(of: comment)
        guard let equals = text.firstIndex(of: "=") else { return nil }
        let key = text[..<equals].lowercased().filter { !$0.isWhitespace }
        guard ["name", "friendly_name", "friendlyname"].contains(key) else { return nil }
        return nonEmpty(text[text.index(after: equals)...])
    }

    /// A comment that is a name. One with `=` may be a setting that was put out of use, or a key.
    private static func freeName(_ comment: String) -> String? {
        var text = body(of: comment)[...]
        guard !text.contains("=") else { return nil }
        // As the usual set-up scripts write it.
        for word in ["Client:", "Client", "Peer:", "Peer", "BEGIN_PEER", "begin", "Name:"]
        where text.hasPrefix(word + " ") {
            text = text.dropFirst(word.count)
            break
        }
        if let id = text.firstMatch(of: #/ \([0-9a-f-]{36}\)$/#) {
            text = text[..<id.range.lowerBound]
        }
        let isEnd = ["END_PEER ", "end "].contains { text.hasPrefix($0) }
        return isEnd ? nil : nonEmpty(text)
    }

    /// Without the signs around it.
    private static func body(of comment: String) -> String {
        let isAround = { (character: Character) in character == "#" || character.isWhitespace }
        var text = comment[...].drop(while: isAround)
        while let last = text.last, isAround(last) { text.removeLast() }
        return String(text)
    }

    private static func nonEmpty(_ text: Substring) -> String? {
        let name = body(of: String(text))
        return name.isEmpty || name.utf8.count > 255 ? nil : name
    }
}
