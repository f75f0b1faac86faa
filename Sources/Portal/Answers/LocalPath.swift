import FoundationEssentials

/// A path of this server, with its query. It cannot lead a browser to another one.
struct LocalPath: Equatable, Sendable {
    static let overview = LocalPath(known: "/")
    private static let mostBytes = 1_000

    let text: String

    /// For paths that are written in the source.
    init(known text: String) { self.text = text }

    /// Nil for what may lead elsewhere. Browsers read a backslash as a slash, and leave out tabs and line
    /// ends, so that `/\example.org` and `/%09/example.org` once decoded are addresses of other hosts.
    init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard
            (1...Self.mostBytes).contains(bytes.count), bytes[0] == UInt8(ascii: "/"),
            !(bytes.count > 1 && bytes[1] == UInt8(ascii: "/")),
            bytes.allSatisfy({ (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "\\") })
        else { return nil }
        self.text = text
    }

    /// The sign-in page that leads back here.
    var signIn: LocalPath {
        guard self != .overview else { return LocalPath(known: "/sign-in") }
        return LocalPath(known: "/sign-in?next=" + text.percentEncoded)
    }
}

extension String {
    /// As the value of a parameter of a query.
    fileprivate var percentEncoded: String {
        utf8.map { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
                UInt8(ascii: "_"), UInt8(ascii: "/"):
                String(UnicodeScalar(byte))
            default:
                "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
        }.joined()
    }
}
