import NetAddress

/// The 1:1 mapping between a gateway's tunnel subnet, *inside*, and the range of the same length that
/// no other gateway of the node has, *outside*. The network's bits are exchanged and the host's stay,
/// so that it has no state: every worker maps every packet, and maps it back, alike.
///
/// IPv6 will have RFC 6296 here, which chooses the mapped address so that checksums need no change;
/// until then packets of that family are not mapped.
struct PrefixMap: Equatable, Sendable {
    let inside: IPv4Prefix
    let outside: IPv4Prefix
    private let outward: AddressRewrite
    private let inward: AddressRewrite

    /// Nil where the two are not of one length.
    init?(inside: IPv4Prefix, outside: IPv4Prefix) {
        guard inside.length == outside.length else { return nil }
        self.inside = inside
        self.outside = outside
        outward = AddressRewrite(from: inside, to: outside)
        inward = AddressRewrite(from: outside, to: inside)
    }

    /// Gives a packet on its way out the source that is outside, in place, and all checksums that
    /// cover it. An ICMP error is about a packet that went to that source, so the destination in what
    /// it quotes is mapped too.
    ///
    /// False where that cannot be: the address is of another prefix, the header with its checksum is
    /// incomplete, or an ICMP error quotes no packet of this mapping. The packet is then as it was.
    /// `inner` was read from the packet, and tells of the addresses before.
    @inline(__always)
    func mapSource(of packet: UnsafeMutablePointer<UInt8>, _ inner: InnerPacket) -> Bool {
        outward.apply(to: packet, inner, at: .source)
    }

    /// The same for the destination of a packet on its way in, and for the source in what an ICMP
    /// error to it quotes.
    @inline(__always)
    func mapDestination(of packet: UnsafeMutablePointer<UInt8>, _ inner: InnerPacket) -> Bool {
        inward.apply(to: packet, inner, at: .destination)
    }
}
