/// What passed the interface of a node, in bytes of the packets inside the tunnel: less than the same packets are in
/// the counters of `PeerActivity`, which have WireGuard's own bytes too.
package struct EgressBytes: Hashable, Sendable {
    /// From peers, to services and the internet.
    package var left: UInt64
    /// To peers, from there.
    package var entered: UInt64

    package init(left: UInt64 = 0, entered: UInt64 = 0) {
        self.left = left
        self.entered = entered
    }

    package static func += (bytes: inout EgressBytes, added: EgressBytes) {
        bytes.left.count(added.left)
        bytes.entered.count(added.entered)
    }
}
