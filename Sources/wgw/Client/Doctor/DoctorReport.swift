import JSON

/// What `wgw doctor` prints.
struct DoctorReport {
    let results: [CheckResult]

    func text(_ format: OutputFormat, on screen: Screen) -> String {
        let objects = results.map(\.json)
        return switch format {
        case .table, .wide: results.map { page($0, on: screen) }.joined() + summary
        case .json: JSONValue.array(objects).indented + "\n"
        case .jsonl: objects.map { $0.encoded + "\n" }.joined()
        case .yaml: JSONValue.array(objects).yaml
        case .name: results.map { $0.code.rawValue + "\n" }.joined()
        }
    }

    private static let severityWidth = 9
    private var codeWidth: Int { (results.map(\.code.rawValue.count).max() ?? 0) + 2 }

    /// A finding, below it what to do, and the command on a line of its own, so that it can be copied.
    private func page(_ result: CheckResult, on screen: Screen) -> String {
        let margin = Self.severityWidth + codeWidth
        let width = max((screen.width ?? .max) - margin, 30)
        let head =
            result.severity.style.apply(
                to: result.severity.rawValue.padded(to: Self.severityWidth),
                on: screen
            ) + result.code.rawValue.padded(to: codeWidth)
        let indent = String(repeating: " ", count: margin)
        var lines = Self.wrapped(result.message, to: width)
        lines += result.nextStep.map { Self.wrapped($0, to: width) } ?? []
        if let command = result.command { lines.append("  " + command) }
        return head + lines.joined(separator: "\n" + indent) + "\n"
    }

    private var summary: String {
        let counts = [CheckResult.Severity.error, .warning].map { severity in
            (severity, results.count { $0.severity == severity })
        }
        let bad = counts.filter { $0.1 > 0 }
            .map { "\($0.1) \($0.0.rawValue)\($0.1 == 1 ? "" : "s")" }
        return bad.isEmpty
            ? "\nNothing has to be done.\n" : "\n\(bad.joined(separator: ", ")).\n"
    }

    private static func wrapped(_ text: String, to width: Int) -> [String] {
        var lines: [String] = []
        var line = ""
        for word in text.split(separator: " ") {
            if !line.isEmpty, line.count + 1 + word.count > width {
                lines.append(line)
                line = ""
            }
            line += line.isEmpty ? "\(word)" : " \(word)"
        }
        return lines + [line]
    }
}

extension CheckResult {
    /// In the words of the server's findings.
    var json: JSONValue {
        var object = JSONObject()
        object.add("code", .string(code.rawValue))
        object.add("severity", .string(severity.rawValue))
        object.add("message", .string(message))
        object.add("next_step", .string(nextStep))
        object.add("command", .string(command))
        return .object(object)
    }
}

extension CheckResult.Severity {
    fileprivate var style: TextStyle {
        switch self {
        case .ok: .good
        case .warning: .waiting
        case .error: .bad
        }
    }
}
