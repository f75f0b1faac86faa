import GatewayDomain
package import JSON

/// One request of the API.
package struct APICall: Sendable {
    package enum Method: String, Sendable {
        case get = "GET"
        case post = "POST"
        case put = "PUT"
        case patch = "PATCH"
        case delete = "DELETE"
    }

    package var method: Method
    /// What the path is below.
    package var root = "/v2"
    /// Like `networks`.
    package var path: String
    /// Names and values, not percent-encoded.
    package var query: [(name: String, value: String)] = []
    package var body: JSONValue?
    /// The entity tag that the object must still have, so that what was decided on is what is changed.
    package var ifMatch: String?
    /// Names a POST: sent again with the same key, it is carried out once.
    package var idempotencyKey: String?

    package init(
        _ method: Method,
        _ path: String,
        query: [(name: String, value: String)] = [],
        body: JSONValue? = nil
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.body = body
    }

    /// A name that no other request has.
    package static func newIdempotencyKey() -> String { Identifier<APICall>.random().description }

    /// Whether the request may be sent again when it is not known if it arrived.
    var isRepeatable: Bool { method == .get || method == .put || idempotencyKey != nil }

    /// The path with its query, percent-encoded as RFC 3986 has it.
    var target: String {
        guard !query.isEmpty else { return "\(root)/\(path)" }
        let parts = query.map { "\(Self.encoded($0.name))=\(Self.encoded($0.value))" }
        return "\(root)/\(path)?\(parts.joined(separator: "&"))"
    }

    /// All but the unreserved characters as `%` and two digits.
    private static func encoded(_ text: String) -> String {
        var encoded = ""
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
                UInt8(ascii: "_"), UInt8(ascii: "~"):
                encoded.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                encoded += byte < 16 ? "%0\(digits)" : "%\(digits)"
            }
        }
        return encoded
    }
}
