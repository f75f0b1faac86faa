import GatewayDomain
import HTTPEdge
import HTTPTypes
import Hummingbird
import HummingbirdCore

/// What a request says with entity tags, RFC 9110 section 13.1.
extension Request {
    /// Of `If-Match`. A tag that this server cannot have given out matches nothing.
    var precondition: Precondition {
        guard let header = headers[.ifMatch], !Self.namesAny(header) else { return .none }
        return Precondition(versions: Set(Self.tags(header).map(\.version)))
    }

    /// Whether `If-None-Match` names what would be answered.
    func alreadyHas(_ tag: EntityTag) -> Bool {
        guard let header = headers[.ifNoneMatch] else { return false }
        return Self.namesAny(header) || Self.tags(header).contains(tag)
    }

    private static func tags(_ header: String) -> [EntityTag] {
        entityTags(in: header).compactMap { EntityTag($0) }
    }
}
