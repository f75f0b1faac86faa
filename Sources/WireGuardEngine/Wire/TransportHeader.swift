/// Where an inner packet's transport protocol begins: behind the IPv4 header, or behind the
/// extension headers of IPv6.
struct TransportHeader {
    static let tcp: UInt8 = 6
    static let udp: UInt8 = 17

    let transportProtocol: UInt8
    /// From the packet's first byte; never beyond its end.
    let offset: Int
    /// It is in an earlier fragment: what is at `offset` continues the payload.
    let isInEarlierFragment: Bool

    /// One more than the seven of RFC 8200 §4.1.
    private static let maximumExtensionHeaders = 8

    private static let hopByHop: UInt8 = 0
    private static let routing: UInt8 = 43
    private static let fragment: UInt8 = 44
    private static let destination: UInt8 = 60

    /// Whether a next header of IPv6 is an extension header that another header follows.
    @inline(__always)
    static func isExtension(_ number: UInt8) -> Bool {
        switch number {
        case hopByHop, routing, fragment, destination: true
        default: false
        }
    }

    /// Nil where the extension headers are more than any packet needs, or end behind the packet.
    init?(of packet: UnsafeMutablePointer<UInt8>, _ inner: InnerPacket) {
        var number = inner.transportProtocol
        var offset = inner.headerLength
        guard inner.isIPv6 else {
            transportProtocol = number
            self.offset = offset
            isInEarlierFragment = packet.big16(at: 6) & 0x1fff != 0
            return
        }
        var count = 0
        while Self.isExtension(number) {
            guard count < Self.maximumExtensionHeaders, offset + 8 <= inner.length else {
                return nil
            }
            let header = packet + offset
            let isFragment = number == Self.fragment
            offset += isFragment ? 8 : (Int(header[1]) + 1) * 8
            guard offset <= inner.length else { return nil }
            number = header[0]
            if isFragment, header.big16(at: 2) & 0xfff8 != 0 {
                transportProtocol = number
                self.offset = offset
                isInEarlierFragment = true
                return
            }
            count += 1
        }
        transportProtocol = number
        self.offset = offset
        isInEarlierFragment = false
    }
}
