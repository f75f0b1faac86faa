import CommandLineProgram
import GatewayDomain
import JSON

/// Whether the server can be reached, and whether this machine carries what gateways want to carry.
enum MachineCheck {
    static func run(_ server: ServerOptions, _ report: Report) async throws {
        let asked = await ServerChecks.run(server)
        let machine = await MachineChecks.run(besides: asked)
        let results = asked + EgressCheck.remaining(machine, besides: asked)
        try OutputFile.standardOutput.write(text(of: results, as: report))
        let errors = results.count { $0.severity == .error }
        guard errors > 0 else { return }
        throw CommandFailure(
            errors == 1
                ? "one check is an error; the report says what to do"
                : "\(errors) checks are errors; the report says what to do"
        )
    }

    static func text(of results: [CheckResult], as report: Report) -> String {
        report.text(.array(results.map(\.json)), names: results.map(\.code.rawValue)) { page in
            for result in results { page.add(result) }
            page.gap()
            page.paragraph(summary(of: results))
        }
    }

    private static func summary(of results: [CheckResult]) -> String {
        let counts = [Severity.error, .warning].map { severity in
            (severity, results.count { $0.severity == severity })
        }
        let bad = counts.filter { $0.1 > 0 }
            .map { "\($0.1) \($0.0.rawValue)\($0.1 == 1 ? "" : "s")" }
        return bad.isEmpty ? "Nothing has to be done." : "\(bad.joined(separator: ", "))."
    }
}

extension ReportPage {
    /// A check, below it what to do, and the command on a line of its own, so that it can be copied.
    fileprivate mutating func add(_ result: CheckResult) {
        paragraph(
            result.message,
            behind: [
                (result.severity.rawValue, 7, TextStyle(result.severity.mood)),
                (result.code.rawValue, CheckResult.Code.width, .plain),
            ]
        )
        let indent = 7 + 2 + CheckResult.Code.width + 2
        if let step = result.nextStep { paragraph(step, indent: indent) }
        if let command = result.command { line(command, indent: indent + 2) }
    }
}

extension CheckResult.Code {
    fileprivate static let width = allCases.map(\.rawValue.count).max() ?? 0
}

extension CheckResult {
    /// In the words of the server's findings.
    fileprivate var json: JSONValue {
        var object = JSONObject()
        object.add("code", .string(code.rawValue))
        object.add("severity", .string(severity.rawValue))
        object.add("message", .string(message))
        object.add("next_step", .string(nextStep))
        object.add("command", .string(command))
        return .object(object)
    }
}
