/// Step 3: may a packet of this origin have this source address?
/// Before: an authentic inner packet, or one from the interface. After: its source address leads back to
/// where it came from.
extension CurrentView {
    /// The question is who owns the route, not whether the peer's own list contains the address:
    /// with overlapping prefixes those differ, and the more specific owner counts.
    @inline(__always)
    func isSourceAllowed(_ packet: InnerPacket, from sender: PeerPointer) -> Bool {
        destination(of: packet.source, isIPv6: packet.isIPv6) == .peer(sender.handle)
            && packet.source.isUnicast(isIPv6: packet.isIPv6)
    }

    /// Of a packet that came from the interface, or over a link that is a way out: why it may not, or nil with what the
    /// gateway's permissions say of its sender. An ICMP error may come from any router on the way; it has nothing
    /// to be permitted by but what it quotes, and so gets a nil grant.
    @inline(__always)
    func checkSource(
        _ packet: InnerPacket,
        isError: Bool,
        over link: UInt32? = nil
    ) -> (reason: DropReason?, grant: EgressTable.Grant?) {
        guard packet.source.isUnicast(isIPv6: packet.isIPv6) else { return (.martian, nil) }
        switch resolve(packet.source, isIPv6: packet.isIPv6) {
        case .outside(let grant):
            return grant.link == link ? (nil, grant) : (.spoofedSource, nil)
        case .route(_, let length) where length > 0:
            return (.spoofedSource, nil)
        case .nowhere(.noRoute):
            return (.spoofedSource, nil)
        case .route, .nowhere:
            return (isError ? nil : .unsolicited, nil)
        }
    }
}
