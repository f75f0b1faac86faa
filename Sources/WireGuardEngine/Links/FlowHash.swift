/// Which flow a packet is of, as a number: the packets of one flow have one, and so keep to one lane.
enum FlowHash {
    /// Of both addresses, and of the ports where every packet of the flow shows them: pieces of fragmented packets, and
    /// whatever stands behind extension headers, go by addresses alone, their first pieces too.
    @inline(__always)
    static func of(_ packet: UnsafeMutablePointer<UInt8>, _ inner: InnerPacket) -> UInt32 {
        var hash = mixed(inner.source.high ^ inner.destination.high &* 3)
        hash = mixed(hash ^ inner.source.low)
        hash = mixed(hash ^ inner.destination.low)
        let hasPorts =
            inner.transportProtocol == TransportHeader.tcp
            || inner.transportProtocol == TransportHeader.udp
        if hasPorts, !inner.isFragment, inner.headerLength + 4 <= inner.length {
            hash = mixed(hash ^ UInt64(packet.big32(at: inner.headerLength)))
        }
        return UInt32(truncatingIfNeeded: hash >> 32)
    }

    /// Multiplied by 2^64 over the golden ratio, and the well mixed upper half brought down.
    @inline(__always)
    private static func mixed(_ word: UInt64) -> UInt64 {
        let product = word &* 0x9e37_79b9_7f4a_7c15
        return product ^ product >> 32
    }
}
