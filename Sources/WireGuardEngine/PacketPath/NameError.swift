import NetAddress

/// A part of step 6: in whose name an ICMP error of a router outside comes in.
/// Before: an error about what a peer has sent. After: one that the peer's device takes.
extension CurrentView {
    /// A WireGuard client drops what comes from an address that its config does not lead to the gateway, and it knows
    /// no routers between the node and a service. That its packets are too big or get nowhere it has to learn, or
    /// its connections hang: such an error comes in from the gateway's own address. An exceeded hop limit keeps its
    /// router's address, for which it was asked.
    @inline(never)
    func nameError(
        _ packet: UnsafeMutablePointer<UInt8>,
        _ inner: InnerPacket,
        by gateway: GatewayPointer
    ) {
        guard let egress, !inner.isIPv6, inner.length > inner.headerLength,
            packet[inner.headerLength] == Self.unreachable
        else {
            return
        }
        if case .outside = resolve(inner.source, isIPv6: false) { return }
        let own = gateway.pointee.errorSource(for: .tooBig, about: inner)
        // Of a lane it is in another subnet than what leaves by it, and the gateway at the other end takes it as well.
        guard let own = own?.v4,
            remote != nil
                || egress._withUnsafeGuaranteedRef({ $0.configuration.subnet.contains(own) })
        else { return }
        let difference = ChecksumDifference(removing: inner.source.v4.bits, adding: own.bits)
        packet.storeBig(own.bits, at: 12)
        packet.storeBig(difference.applied(to: packet.big16(at: 10)), at: 10)
    }

    /// Destination unreachable, of which "fragmentation needed" is a kind (RFC 792).
    private static let unreachable: UInt8 = 3
}
