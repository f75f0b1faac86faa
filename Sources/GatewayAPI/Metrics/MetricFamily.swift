/// One metric with all its series, for the text format of Prometheus (version 0.0.4).
package struct MetricFamily: Sendable {
    package enum Kind: String, Sendable {
        case counter
        case gauge
        case histogram
    }

    package struct Sample: Sendable {
        /// Behind the family's name: `_bucket`, `_sum` and `_count` of a histogram.
        let suffix: String
        let labels: [(name: String, value: String)]
        let value: String
    }

    let name: String
    let help: String
    let kind: Kind
    private(set) var samples: [Sample] = []

    /// - Parameter name: as Prometheus wants it: base units, and `_total` behind a counter.
    package init(_ name: String, _ kind: Kind, _ help: String) {
        self.name = name
        self.kind = kind
        self.help = help
    }

    package mutating func add(
        _ value: some CustomStringConvertible,
        _ labels: [(name: String, value: String)] = [],
        suffix: String = ""
    ) {
        samples.append(Sample(suffix: suffix, labels: labels, value: value.description))
    }

    var text: String {
        var text = "# HELP \(name) \(help)\n# TYPE \(name) \(kind.rawValue)\n"
        for sample in samples {
            text += name + sample.suffix
            if !sample.labels.isEmpty {
                let labels = sample.labels.map { "\($0.name)=\"\(Self.escaped($0.value))\"" }
                text += "{\(labels.joined(separator: ","))}"
            }
            text += " \(sample.value)\n"
        }
        return text
    }

    private static func escaped(_ value: String) -> String {
        value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
            .replacing("\n", with: "\\n")
    }
}
