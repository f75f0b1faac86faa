import GatewayDomain
import HTTPTypes
import Hummingbird
import HummingbirdCore

/// What a request says with entity tags, RFC 9110 section 13.1.
extension Request {
    /// Of `If-Match`. A tag that this server cannot have given out matches nothing.
    var precondition: Precondition {
        guard let header = headers[.ifMatch], !Self.isAny(header) else { return .none }
        return Precondition(versions: Set(Self.tags(header).map(\.version)))
    }

    /// Whether `If-None-Match` names what would be answered.
    func alreadyHas(_ tag: EntityTag) -> Bool {
        guard let header = headers[.ifNoneMatch] else { return false }
        return Self.isAny(header) || Self.tags(header).contains(tag)
    }

    /// The same for a strong validator, compared as text. The comparison is the weak one of section 8.8.3.2,
    /// as a proxy that compresses may have made the tag a weak one.
    func alreadyHas(strongTag: String) -> Bool {
        guard let header = headers[.ifNoneMatch] else { return false }
        return Self.isAny(header)
            || Self.tagTexts(header).contains {
                ($0.hasPrefix("W/") ? $0.dropFirst(2) : $0) == strongTag
            }
    }

    private static func isAny(_ header: String) -> Bool {
        header.filter { $0 != " " } == "*"
    }

    private static func tags(_ header: String) -> [EntityTag] {
        tagTexts(header).compactMap { EntityTag($0) }
    }

    private static func tagTexts(_ header: String) -> [Substring] {
        header.split(separator: ",").compactMap { part in
            let start = part.drop { $0 == " " || $0 == "\t" }
            let end = start.lastIndex { $0 != " " && $0 != "\t" }
            return end.map { start[...$0] }
        }
    }
}
