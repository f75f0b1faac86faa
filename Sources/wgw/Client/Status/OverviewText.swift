import APIContract
import CommandLineProgram
import GatewayDomain

/// The end of `wgw status`: all in numbers, and what is wrong.
struct OverviewText {
    private static let indent = 9

    private let overview: Decoded<OverviewMembers>
    private let screen: Screen

    init(_ overview: Decoded<OverviewMembers>, on screen: Screen) {
        self.overview = overview
        self.screen = screen
    }

    var text: String {
        let gateways =
            "\(overview.provisionedGateways) of \(overview.gateways) gateways provisioned"
        let peers = "\(overview.connectedPeers) of \(overview.peers) peers connected"
        return "\(gateways), \(peers)\n" + overview.remarks.map(text).joined()
    }

    private func text(of remark: Remark) -> String {
        let word = remark.severity.rawValue
        let head = style(remark.severity).apply(to: word, on: screen)
        let gap = String(repeating: " ", count: max(Self.indent - word.count, 1))
        return "\n" + head + gap + paragraph(remark.message) + "\n"
            + String(repeating: " ", count: Self.indent) + paragraph("→ " + remark.nextStep) + "\n"
    }

    private func paragraph(_ text: String) -> String {
        let width = screen.width.map { max($0 - Self.indent, 30) } ?? .max
        return text.withoutControls.wrapped(to: width)
            .joined(separator: "\n" + String(repeating: " ", count: Self.indent))
    }

    private func style(_ severity: RemarkSeverity) -> TextStyle {
        switch severity {
        case .error: .bad
        case .warning: .waiting
        case .info: .plain
        }
    }
}

extension String {
    /// Lines of whole words.
    func wrapped(to width: Int) -> [String] {
        var lines: [String] = []
        for word in split(separator: " ") {
            if let line = lines.last, line.displayWidth + 1 + String(word).displayWidth <= width {
                lines[lines.count - 1] = line + " " + word
            } else {
                lines.append(String(word))
            }
        }
        return lines
    }
}
