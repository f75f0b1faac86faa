import Foundation
import LoadGenerator

/// A number with so many digits behind the point, whatever the user's language is.
enum FixedPoint {
    static func text(_ value: Double, _ places: Int) -> String {
        String(format: "%.\(places)f", value)
    }
}

enum AlignedText {
    /// A line each: the name, and what it is in a column of its own.
    static func rows(_ rows: [(name: String, value: String)]) -> String {
        let width = rows.map(\.name.count).max() ?? 0
        return rows.map { row in
            row.name + String(repeating: " ", count: width - row.name.count + 2) + row.value
        }
        .joined(separator: "\n")
    }
}

/// Just enough JSON for a report of numbers.
enum JSONText {
    static func object(_ members: [(key: String, value: String)]) -> String {
        "{" + members.map { "\"\($0.key)\": \($0.value)" }.joined(separator: ", ") + "}"
    }

    static func number(_ value: Double?) -> String {
        guard let value, value.isFinite else { return "null" }
        return FixedPoint.text(value, 6)
    }

    static func latency(_ latency: LatencySummary?) -> String {
        guard let latency else { return "null" }
        return object([
            ("p50", FixedPoint.text(latency.p50, 1)), ("p90", FixedPoint.text(latency.p90, 1)),
            ("p99", FixedPoint.text(latency.p99, 1)), ("p999", FixedPoint.text(latency.p999, 1)),
        ])
    }
}
