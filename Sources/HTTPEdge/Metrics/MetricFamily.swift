/// One metric with all its series, for the text format of Prometheus (version 0.0.4).
/// It is written here because no package that this one depends on writes that format.
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

    package var text: String {
        var text = "# HELP \(name) \(help)\n# TYPE \(name) \(kind.rawValue)\n"
        for sample in samples { Self.write(sample, of: name, to: &text) }
        return text
    }

    /// There may be several for each of thousands of gateways: nothing is put together on the way.
    private static func write(_ sample: Sample, of name: String, to text: inout String) {
        text += name
        text += sample.suffix
        var separator = "{"
        for label in sample.labels {
            text += separator
            text += label.name
            text += "=\""
            write(escaped: label.value, to: &text)
            text += "\""
            separator = ","
        }
        text += sample.labels.isEmpty ? " " : "} "
        text += sample.value
        text += "\n"
    }

    private static func write(escaped value: String, to text: inout String) {
        guard value.utf8.contains(where: needsEscape) else {
            text += value
            return
        }
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\\": text += "\\\\"
            case "\"": text += "\\\""
            case "\n": text += "\\n"
            default: text.unicodeScalars.append(scalar)
            }
        }
    }

    private static func needsEscape(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "\\") || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\n")
    }
}
