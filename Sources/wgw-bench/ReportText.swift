import CommandLineProgram
import Foundation
import JSON
import LoadGenerator

/// What a measurement has found, for a person and for a program.
protocol PrintedReport {
    var text: String { get }
    var json: JSONValue { get }
}

extension PrintedReport {
    func print(asJSON isJSON: Bool) throws(OutputFailure) {
        try OutputFile.standardOutput.write((isJSON ? json.encoded : text) + "\n")
    }
}

/// A number with a fixed count of digits behind the point, in every locale.
enum FixedPoint {
    static func text(_ value: Double, _ places: Int) -> String {
        String(format: "%.\(places)f", value)
    }
}

enum AlignedText {
    /// One line for each: the name, and the value in a second column.
    static func rows(_ rows: [(name: String, value: String)]) -> String {
        let width = rows.map(\.name.count).max() ?? 0
        return rows.map { row in
            row.name + String(repeating: " ", count: width - row.name.count + 2) + row.value
        }
        .joined(separator: "\n")
    }
}

extension JSONValue {
    /// A figure that was measured, to a millionth; null for one that was not.
    static func figure(_ value: Double?, places: Int = 6) -> JSONValue {
        guard let value, value.isFinite else { return .null }
        return .number(FixedPoint.text(value, places))
    }

    /// In microseconds, to a tenth.
    static func latency(_ latency: LatencySummary?) -> JSONValue {
        guard let latency else { return .null }
        return [
            "p50": .figure(latency.p50, places: 1), "p90": .figure(latency.p90, places: 1),
            "p99": .figure(latency.p99, places: 1), "p999": .figure(latency.p999, places: 1),
        ]
    }
}
