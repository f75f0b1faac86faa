import CommandLineProgram
import JSON
import Spelling

/// What a command's answer is printed as.
enum OutputFormat: String, CaseIterable {
    case table
    /// A table of every column.
    case wide
    /// One JSON text, indented; of a list an array.
    case json
    /// One object on each line.
    case jsonl
    case yaml
    /// One name on each line.
    case name

    init(named text: String) throws(CommandFailure) {
        guard let format = OutputFormat(rawValue: text) else {
            let words = Self.allCases.map(\.rawValue)
            let nearest =
                NearestWord.to(text, among: words).map { "; '\($0)' is the nearest" } ?? ""
            throw .usage("-o takes \(words.joined(separator: ", ")), not '\(text)'\(nearest)")
        }
        self = format
    }

    /// One object, in a format for programs.
    func text(of object: JSONValue, title: String) -> String {
        switch self {
        case .name: title.withoutControls + "\n"
        case .jsonl: object.encoded + "\n"
        case .json: object.indented + "\n"
        case .yaml: object.yaml
        case .table, .wide: preconditionFailure("a table has columns")
        }
    }
}
