import CommandLineProgram

/// Markdown on a terminal.
enum MarkdownText {
    private static let fence = "```"
    private static let bullet = "- "

    /// Breaks the lines of paragraphs and of lists between words. What is to be copied stays as it is.
    static func wrapped(_ text: String, to width: Int) -> String {
        var isFenced = false
        var lines: [String] = []
        for line in text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) {
            let isFence = line.hasPrefix(fence)
            if isFence { isFenced.toggle() }
            guard !isFence, !isFenced, line.displayWidth > width else {
                lines.append(line)
                continue
            }
            let indent = line.hasPrefix(bullet) ? bullet.count : 0
            let pieces = String(line.dropFirst(indent)).wrapped(to: max(width - indent, 1))
            lines.append(line.prefix(indent) + (pieces.first ?? ""))
            lines += pieces.dropFirst().map { String(repeating: " ", count: indent) + $0 }
        }
        return lines.joined(separator: "\n")
    }
}
