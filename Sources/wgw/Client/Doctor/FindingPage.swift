import APIContract
import GatewayDomain
import NetAddress

extension ReportPage {
    /// A finding: how bad it is, what it is, and what to do.
    mutating func add(_ finding: Part<Finding>) {
        gap()
        let certainty = finding.certainty == .certain ? "" : " (\(finding.certainty.text))"
        paragraph(
            finding.code.text + certainty,
            behind: [(finding.severity.text, 7, TextStyle(finding.severity.mood))]
        )
        paragraph(finding.message, indent: 9)
        if let evidence = evidence(finding) { paragraph(evidence, indent: 9) }
        if let step = finding.nextStep { paragraph(step, behind: [("→", 1, .head)], indent: 6) }
        if let command = finding.command { line(command, indent: 11) }
    }

    /// How often, when and from where.
    private func evidence(_ finding: Part<Finding>) -> String? {
        var parts: [String] = []
        if let count = finding.count { parts.append(count == 1 ? "Once" : "\(count) times") }
        if let last = finding.lastAt { parts.append("last \(time(last))") }
        if let source = finding.source { parts.append("from \(source)") }
        guard let first = parts.first else { return nil }
        return ([first.prefix(1).uppercased() + first.dropFirst()] + parts.dropFirst())
            .joined(separator: ", ") + "."
    }
}
