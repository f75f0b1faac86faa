/// A `status_reason` in its parts: what is wrong, and the commands that put it right. The data plane writes
/// both as one sentence, "…: run sudo this and sudo that.", or "…: start this so.".
package struct StatusReason: Equatable, Sendable {
    /// Without the full stop.
    package let finding: String
    /// For the machine of the server, in their order; empty where no command helps.
    package let commands: [String]
    /// What else helps, beginning with a verb: `start wgw serve anew as root`; nil where commands do, or nothing.
    package let advice: String?

    package init(_ text: String) {
        let sentence = text.hasSuffix(".") ? text.dropLast() : text[...]
        guard let start = sentence.firstRange(of: ": run sudo ") else {
            let words = sentence.firstRange(of: ": start ")
            finding = String(words.map { sentence[..<$0.lowerBound] } ?? sentence)
            advice = words.map { "start \(sentence[$0.upperBound...])" }
            commands = []
            return
        }
        advice = nil
        finding = String(sentence[..<start.lowerBound])
        commands = sentence[start.upperBound...].split(separator: " and sudo ")
            .map { "sudo \($0)" }
    }

    /// All of them as one line of a shell; nil without any.
    package var command: String? {
        commands.isEmpty ? nil : commands.joined(separator: " && ")
    }
}
