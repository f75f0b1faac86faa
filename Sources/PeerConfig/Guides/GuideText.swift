/// One thing to do, and how it is done.
struct GuideStep {
    let title: String
    let text: String

    init(_ title: String, _ text: String) {
        self.title = title
        self.text = text
    }
}

/// Pieces of Markdown (CommonMark 0.31).
enum GuideText {
    /// A name that people chose, without meaning for Markdown or HTML.
    static func plain(_ name: String) -> String {
        PeerTunnel.oneLine(name).reduce(into: "") { text, character in
            if "\\`*_[]<>&#|~!".contains(character) { text.append("\\") }
            text.append(character)
        }
    }

    /// Lines to copy. None of ours begins with a fence, and a name has no line to itself.
    static func block(_ language: String, _ lines: String) -> String {
        let ending = lines.hasSuffix("\n") ? "" : "\n"
        return "```\(language)\n\(lines)\(ending)```"
    }

    static func list(_ words: [String]) -> String {
        guard let last = words.last, words.count > 1 else { return words.joined() }
        return words.dropLast().joined(separator: ", ") + " and " + last
    }
}

/// What several guides have in common.
extension PeerTunnel {
    var fileName: String { "\(interfaceName).conf" }

    /// Steps to complete a config in `place`; none where it has every key.
    func keySteps(in place: String) -> [GuideStep] {
        var missing: [String] = []
        if privateKey == nil {
            missing.append(
                """
                In \(place), replace `\(Placeholder.privateKey)` by the private key of this device. It was \
                shown once, when the peer was made; the server does not keep it.
                """
            )
        }
        if case .hidden = presharedKey {
            missing.append(
                """
                In \(place), replace `\(Placeholder.presharedKey)` by the preshared key of this peer. Your \
                API key may not see it: ask a member of the organization.
                """
            )
        }
        guard !missing.isEmpty else { return [] }
        return [GuideStep("Put the keys in", missing.joined(separator: "\n\n"))]
    }

    /// For systems with an app that reads a file.
    var configFileStep: GuideStep {
        GuideStep(
            "Save the config",
            """
            Save these lines as a text file with the name `\(fileName)`. The file will hold the private key: \
            keep it where only you can read it, and delete it when the app has it.

            \(GuideText.block("ini", config(for: .wgQuick)))
            """
        )
    }
}
