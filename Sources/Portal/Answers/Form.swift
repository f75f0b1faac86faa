import HTTPEdge
import Hummingbird
import HummingbirdCore

/// What a form of a page sends (application/x-www-form-urlencoded). A field that comes twice counts once,
/// and one that is not UTF-8 does not count.
struct Form: Sendable {
    private static let mostBytes = 16 << 10

    private let fields: [String: String]

    /// - Throws: a `Refusal`.
    init(_ request: Request) async throws {
        let body = try await request.wholeBody(atMost: Self.mostBytes)
        self.init(String(decoding: body.bytes, as: UTF8.self))
    }

    init(_ text: some StringProtocol) {
        let pairs = text.split(separator: "&").compactMap { pair -> (String, String)? in
            let sides = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard sides.count == 2, let name = Self.decoded(sides[0]),
                let value = Self.decoded(sides[1])
            else { return nil }
            return (name, value)
        }
        fields = Dictionary(pairs) { first, _ in first }
    }

    /// Nil for a field that is missing or empty.
    subscript(name: String) -> String? {
        fields[name].flatMap { $0.isEmpty ? nil : $0 }
    }

    private static func decoded(_ text: some StringProtocol) -> String? {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "+"): bytes.append(UInt8(ascii: " "))
            case UInt8(ascii: "%"):
                guard let high = rest.popFirst().flatMap(digit),
                    let low = rest.popFirst().flatMap(digit)
                else { return nil }
                bytes.append(high << 4 | low)
            default: bytes.append(byte)
            }
        }
        return String(validating: bytes, as: UTF8.self)
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
