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
            "\(overview.provisionedGateways) of \(overview.gateways) gateways provisioned\(away)"
        let peers = "\(overview.connectedPeers) of \(overview.peers) peers connected"
        return "\(gateways), \(peers)\n" + overview.remarks.map(text).joined()
    }

    /// How many gateways are provisioned as far as was known when their nodes were last heard of.
    private var away: String {
        func count(_ code: RemarkCode) -> Int {
            overview.remarks.filter { $0.code == code }.reduce(0) { $0 + $1.count }
        }
        let notes = [
            (count(.nodeAway), "on a node that is away"),
            (count(.nodeConnecting), "on a node that is connecting"),
        ].filter { $0.0 > 0 }.map { "\($0) \($1)" }
        return notes.isEmpty ? "" : " (\(notes.joined(separator: ", ")))"
    }

    private func text(of remark: Part<Remark>) -> String {
        let word = remark.severity.text.withoutControls
        let head = TextStyle(remark.severity.mood).apply(to: word, on: screen)
        let gap = String(repeating: " ", count: max(Self.indent - word.count, 1))
        return "\n" + head + gap + paragraph(remark.message) + "\n"
            + String(repeating: " ", count: Self.indent) + paragraph("→ " + remark.nextStep) + "\n"
            + (remark.command.map(line) ?? "")
    }

    /// A command, on a line of its own, so that it can be copied.
    private func line(_ command: String) -> String {
        String(repeating: " ", count: Self.indent + 2) + command.withoutControls + "\n"
    }

    private func paragraph(_ text: String) -> String {
        let width = screen.width.map { max($0 - Self.indent, 30) } ?? .max
        return text.withoutControls.wrapped(to: width)
            .joined(separator: "\n" + String(repeating: " ", count: Self.indent))
    }
}
