import HTTPEdge
import Hummingbird
import HummingbirdCore

/// What a form of a page sends (application/x-www-form-urlencoded). A field that comes twice counts once,
/// and one that is not UTF-8 does not count.
struct Form: Sendable {
    static let mostBytes = 16 << 10

    private let fields: [String: String]

    /// - Throws: a `Refusal`.
    init(_ request: Request) async throws {
        let body = try await request.wholeBody(atMost: Self.mostBytes)
        self.init(String(decoding: body.bytes, as: UTF8.self))
    }

    init(_ text: String) {
        let pairs = text.split(separator: "&").compactMap { pair -> (String, String)? in
            let sides = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard sides.count == 2, let name = String(formEncoded: sides[0]),
                let value = String(formEncoded: sides[1])
            else { return nil }
            return (name, value)
        }
        fields = Dictionary(pairs) { first, _ in first }
    }

    /// Nil for a field that is missing or empty.
    subscript(name: String) -> String? {
        fields[name].flatMap { $0.isEmpty ? nil : $0 }
    }
}
