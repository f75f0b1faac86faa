/// What a permission by protocol and port looks at.
struct TransportFlow: Equatable {
    enum Ports: Equatable {
        case present(source: UInt16, destination: UInt16)
        /// A later piece of a packet whose first piece has them.
        case inEarlierFragment
        /// The protocol has none, or the packet ends before them.
        case none
    }

    let transportProtocol: UInt8
    let ports: Ports

    /// Where the extension headers of IPv6 do not lead to a transport protocol, its number is 255, which
    /// is reserved.
    init(_ packet: UnsafeMutablePointer<UInt8>, _ inner: InnerPacket) {
        guard let transport = TransportHeader(of: packet, inner) else {
            transportProtocol = 255
            ports = .none
            return
        }
        transportProtocol = transport.transportProtocol
        guard !transport.isInEarlierFragment else {
            ports = .inEarlierFragment
            return
        }
        ports = Self.ports(
            packet + transport.offset,
            available: inner.length - transport.offset,
            of: transportProtocol
        )
    }

    init(transportProtocol: UInt8, ports: Ports) {
        self.transportProtocol = transportProtocol
        self.ports = ports
    }

    var isICMP: Bool {
        transportProtocol == ICMP.protocolV4 || transportProtocol == ICMP.protocolV6
    }

    /// Whether one verdict serves both. What is decided of an ICMP error depends on what it quotes.
    @inline(__always)
    func isInterchangeable(with other: TransportFlow) -> Bool { self == other && !isICMP }

    var sourcePort: UInt16 { if case .present(let port, _) = ports { port } else { 0 } }

    var destinationPort: UInt16 { if case .present(_, let port) = ports { port } else { 0 } }

    static func ports(
        _ header: UnsafeMutablePointer<UInt8>,
        available: Int,
        of transportProtocol: UInt8
    ) -> Ports {
        guard hasPorts(transportProtocol),
            available >= 4
        else { return .none }
        return .present(source: header.big16(at: 0), destination: header.big16(at: 2))
    }

    /// DCCP, SCTP and UDP-Lite begin with both ports as TCP and UDP do.
    private static func hasPorts(_ transportProtocol: UInt8) -> Bool {
        switch transportProtocol {
        case TransportHeader.tcp, TransportHeader.udp, 33, 132, 136: true
        default: false
        }
    }
}
