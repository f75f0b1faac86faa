import JSON

/// The parameters of a URL's query as clients send them: brackets raw or percent-encoded, a blank
/// as `+` or `%20`. Hummingbird's own decodes neither names nor `+`, and does not tell
/// what cannot be decoded.
struct Query: Sendable {
    private struct Parameter {
        let name: String
        /// Nil where it is not percent-encoded UTF-8.
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
            guard let name = Self.decode(sides[0]) else { return nil }
            return Parameter(name: name, value: sides.count == 2 ? Self.decode(sides[1]) : "")
        }
    }

    /// The last one counts where a parameter is repeated.
    subscript(name: String) -> Value? {
        parameters.last { $0.name == name }.map { parameter in
            parameter.value.map { .text($0) } ?? .undecodable
        }
    }

    private static func decode(_ text: Substring) -> String? {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "+"):
                bytes.append(UInt8(ascii: " "))
            case UInt8(ascii: "%"):
                guard
                    let high = rest.popFirst().flatMap(hexDigit),
                    let low = rest.popFirst().flatMap(hexDigit)
                else { return nil }
                bytes.append(high << 4 | low)
            default:
                bytes.append(byte)
            }
        }
        return String(validating: bytes, as: UTF8.self)
    }

    private static func hexDigit(_ byte: UInt8) -> UInt8? {
        Character(Unicode.Scalar(byte)).hexDigitValue.map { UInt8($0) }
    }
}
