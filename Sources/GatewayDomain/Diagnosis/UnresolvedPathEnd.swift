/// Why a text of a request does not name one end of a path.
package struct UnresolvedPathEnd: Error, Equatable, Sendable {
    package enum End: String, Sendable {
        case from
        case to
    }

    package enum Mismatch: Equatable, Sendable {
        /// Neither the id, the name nor the address of a peer that the caller may see.
        case unknown
        /// Several peers are called so, the oldest first; no more than a few are listed.
        case ambiguous([PeerID])
    }

    package let end: End
    package let reason: Mismatch

    package init(_ end: End, _ reason: Mismatch) {
        self.end = end
        self.reason = reason
    }
}
