/// A text of the document for a template: pieces that are code, between backticks there, and pieces that
/// are not.
enum Prose {
    static func pieces(_ text: String) -> [[String: Any]] {
        text.split(separator: "`", omittingEmptySubsequences: false).enumerated().map {
            ["text": String($1), "isCode": $0 % 2 == 1]
        }
    }
}
