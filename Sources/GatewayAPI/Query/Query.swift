import HTTPEdge
import JSON

/// The parameters of a URL's query as clients send them: brackets raw or percent-encoded, a blank
/// as `+` or `%20`. Hummingbird's own decodes neither names nor `+`, and does not tell
/// what cannot be decoded.
struct Query: Sendable {
    private struct Parameter {
        let name: String
        /// Nil where it is not percent-encoded UTF-8, or has U+0000.
        let value: String?
    }

    enum Value: Equatable {
        case text(String)
        case undecodable

        /// Spelled in any of the ways in which a body may spell it.
        var integer: Int? {
            guard case .text(let text) = self else { return nil }
            return JSONNumber.integer(ArraySlice(text.utf8))
        }
    }

    private let parameters: [Parameter]

    init(_ text: String?) {
        parameters = (text ?? "").split(separator: "&").compactMap { part in
            let sides = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = String(formEncoded: sides[0]) else { return nil }
            return Parameter(
                name: name,
                value: sides.count == 2 ? String(formEncoded: sides[1]) : ""
            )
        }
    }

    /// The last one counts where a parameter is repeated.
    subscript(name: String) -> Value? {
        parameters.last { $0.name == name }.map { parameter in
            parameter.value.map { .text($0) } ?? .undecodable
        }
    }
}
