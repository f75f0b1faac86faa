import HTTPTypes
package import HummingbirdCore

/// `If-None-Match`, RFC 9110 section 13.1.2.
extension Request {
    /// Whether the client has what the tag stands for. The comparison is the weak one of section 8.8.3.2, as a
    /// proxy that compresses may have made the tag a weak one.
    ///
    /// - Parameter tag: in its quotation marks.
    package func alreadyHas(tag: String) -> Bool {
        guard let header = headers[.ifNoneMatch] else { return false }
        let opaque = Self.opaque(tag[...])
        return Self.namesAny(header)
            || Self.entityTags(in: header).contains { Self.opaque($0) == opaque }
    }

    package static func namesAny(_ header: String) -> Bool {
        header.filter { $0 != " " } == "*"
    }

    package static func entityTags(in header: String) -> [Substring] {
        header.split(separator: ",").compactMap { part in
            let start = part.drop { $0 == " " || $0 == "\t" }
            let end = start.lastIndex { $0 != " " && $0 != "\t" }
            return end.map { start[...$0] }
        }
    }

    private static func opaque(_ tag: Substring) -> Substring {
        tag.hasPrefix("W/") ? tag.dropFirst(2) : tag
    }
}
