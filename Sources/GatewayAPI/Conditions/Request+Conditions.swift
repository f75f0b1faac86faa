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

    private static func isAny(_ header: String) -> Bool {
        header.filter { $0 != " " } == "*"
    }

    private static func tags(_ header: String) -> [EntityTag] {
        header.split(separator: ",").compactMap { part in
            let start = part.drop { $0 == " " || $0 == "\t" }
            let end = start.lastIndex { $0 != " " && $0 != "\t" }
            return end.flatMap { EntityTag(start[...$0]) }
        }
    }
}
