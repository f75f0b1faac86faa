package import NetAddress

/// Where a webhook is sent. Only what every program reads in the same way is taken, so that what was checked is what
/// is connected to.
package struct WebhookURL: Hashable, Sendable, CustomStringConvertible {
    package static let maximumLength = 2_048

    package enum Flaw: Error, Equatable {
        case malformed
        case scheme
        case userInfo
        case fragment
        case tooLong
    }

    package let isSecure: Bool
    /// A name in lower case, or an address, without brackets.
    package let host: String
    package let port: UInt16
    /// With the path and the query as they were given.
    package let description: String

    package init(_ text: String) throws(Flaw) {
        guard text.utf8.count <= Self.maximumLength else { throw .tooLong }
        guard text.utf8.allSatisfy({ (0x21...0x7e).contains($0) }),
            !text.contains(where: { "\"<>\\^`{|}".contains($0) }),
            let schemeEnd = text.range(of: "://")
        else { throw .malformed }
        switch text[..<schemeEnd.lowerBound].lowercased() {
        case "https": isSecure = true
        case "http": isSecure = false
        default: throw .scheme
        }
        let rest = text[schemeEnd.upperBound...]
        guard !rest.contains("#") else { throw .fragment }
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        guard !authority.contains("@") else { throw .userInfo }
        guard let place = Self.place(authority) else { throw .malformed }
        host = place.host
        port = place.port ?? (isSecure ? 443 : 80)
        var tail = rest[authority.endIndex...]
        if tail.hasPrefix("/") { tail = tail.dropFirst() }
        let bracketed = host.contains(":") ? "[\(host)]" : host
        let shownPort = place.port.map { ":\($0)" } ?? ""
        description = "\(isSecure ? "https" : "http")://\(bracketed)\(shownPort)/\(tail)"
    }

    /// Where the URL names an address, it.
    package var address: IPAddress? { IPAddress(host) }

    private static func place(_ authority: Substring) -> (host: String, port: UInt16?)? {
        var host = authority
        var port: UInt16?
        if let colon = authority.lastIndex(of: ":"),
            !authority[colon...].contains("]")
        {
            let digits = authority[authority.index(after: colon)...]
            guard (1...5).contains(digits.count), digits.allSatisfy({ $0.isASCII && $0.isNumber }),
                let number = UInt16(digits), number > 0
            else { return nil }
            (host, port) = (authority[..<colon], number)
        }
        if host.hasPrefix("[") {
            guard host.hasSuffix("]"),
                let address = IPv6Address(String(host.dropFirst().dropLast()))
            else { return nil }
            return (address.description, port)
        }
        let name = host.lowercased()
        let isName =
            (1...253).contains(name.utf8.count)
            && name.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { label in
                (1...63).contains(label.utf8.count) && label.first != "-" && label.last != "-"
                    && label.utf8.allSatisfy { byte in
                        (0x61...0x7a).contains(byte) || (0x30...0x39).contains(byte)
                            || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
                    }
            }
        return isName ? (name, port) : nil
    }
}

extension StringProtocol {
    /// Where `text` stands for the first time.
    fileprivate func range(of text: String) -> Range<Index>? {
        ranges(of: text).first
    }
}
