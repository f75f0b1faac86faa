/// Step 3: may this peer speak for this address?
/// Before: an authentic inner packet. After: its source address is routed to the peer that sent it.
extension Engine {
    /// The question is who owns the route, not whether the peer's own list contains the address:
    /// with overlapping prefixes those differ, and the more specific owner counts.
    @inline(__always)
    func isSourceAllowed(
        _ packet: InnerPacket,
        from sender: PeerPointer,
        in table: ForwardingTable
    ) -> Bool {
        table.destination(of: packet.source, isIPv6: packet.isIPv6)
            == .peer(sender.pointee.handle)
    }
}
