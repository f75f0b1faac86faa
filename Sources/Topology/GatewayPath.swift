/// How packets of one gateway get to another gateway of its network.
///
/// There are no loops, whatever two gateways believe of a link: a packet that came over a link goes on over the
/// direct link to its gateway, or nowhere. So a packet uses two links at most, and no choice that is made here
/// can lengthen its path.
package enum GatewayPath<Gateway: Hashable & Sendable>: Hashable, Sendable {
    case direct
    /// Over the links to and from a third gateway.
    case around(via: Gateway)
    /// No link to the gateway answers; senders get ICMP unreachable.
    case none
}
