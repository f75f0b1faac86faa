import CommandLineProgram
import Spelling

/// Where a command that makes a config puts it.
enum ConfigTarget {
    /// To standard output, for a person or a pipe.
    case terminal
    /// Into a file, which gets its name when the config is in it.
    case file(DraftFile)
    /// The object that the API has, with the config as a member.
    case object(OutputFormat)

    private static let formats: [OutputFormat] = [.json, .jsonl, .yaml, .name]

    /// - Parameters:
    ///   - text: the value of `-o`. A file has a dot or a slash in its name, so that a format that is spelled
    ///     wrongly does not become a file.
    ///   - mayReplace: whether the file may be there already.
    ///   - isDisclosing: whether the config has a private key that is kept nowhere else.
    init(
        _ text: String?,
        replacing mayReplace: Bool,
        isDisclosing: Bool
    ) throws(CommandFailure) {
        guard let text else {
            self = .terminal
            return
        }
        if isDisclosing, text == OutputFormat.name.rawValue {
            throw .usage(
                "-o name would lose the private key, which is shown only once; take -o json, or a file such as -o laptop.conf"
            )
        }
        if let format = Self.formats.first(where: { $0.rawValue == text }) {
            self = .object(format)
        } else if text.contains(".") || text.contains("/") {
            self = .file(try DraftFile(text, replacing: mayReplace))
        } else {
            let words = Self.formats.map(\.rawValue)
            let nearest =
                NearestWord.to(text, among: words).map { "; '\($0)' is the nearest" } ?? ""
            throw .usage(
                "-o takes \(words.joined(separator: ", ")), or a file with a dot or a slash in its name, not '\(text)'\(nearest)"
            )
        }
    }
}
