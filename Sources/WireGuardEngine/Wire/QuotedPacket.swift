/// The packet that an ICMP error is about, as far as the error quotes it.
struct QuotedPacket {
    let source: InnerPacket.FlowAddress
    let destination: InnerPacket.FlowAddress
    let flow: TransportFlow

    /// Nil for everything but an ICMP error over IPv4 whose quotation has a whole header.
    init?(in packet: UnsafeMutablePointer<UInt8>, _ inner: InnerPacket) {
        let message = packet + inner.headerLength
        let available = inner.length - inner.headerLength - ICMP.headerLength
        guard !inner.isIPv6, inner.transportProtocol == ICMP.protocolV4,
            packet.big16(at: 6) & 0x1fff == 0, available >= 20, ICMP.isErrorV4(type: message[0])
        else { return nil }
        let quoted = message + ICMP.headerLength
        let headerLength = Int(quoted[0] & 0x0f) * 4
        guard quoted[0] >> 4 == 4, headerLength >= 20, headerLength <= available else { return nil }
        source = InnerPacket.FlowAddress(high: 0, low: UInt64(quoted.big32(at: 12)))
        destination = InnerPacket.FlowAddress(high: 0, low: UInt64(quoted.big32(at: 16)))
        flow = TransportFlow(
            transportProtocol: quoted[9],
            ports: quoted.big16(at: 6) & 0x1fff != 0
                ? .inEarlierFragment
                : TransportFlow.ports(
                    quoted + headerLength,
                    available: available - headerLength,
                    of: quoted[9]
                )
        )
    }
}
