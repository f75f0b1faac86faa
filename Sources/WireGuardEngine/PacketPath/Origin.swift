/// Where a packet comes from; over a link it comes from the lane's peer. Source check, refusal and ICMP errors take an origin: they do not ask
/// which door it came through.
enum Origin {
    case peer(PeerPointer)
    /// The node's interface, for this gateway.
    case interface(GatewayPointer)
}

/// Where a packet goes to. A lane of a link is the peer of an interface as any other is.
enum Exit: Equatable {
    case peer(PeerPointer)
    /// The node's interface, in the name of this gateway.
    case interface(GatewayPointer)
    /// The gateway itself.
    case local
}

/// What was decided for one flow, and as what its packets are counted.
enum Verdict {
    case forward(Exit, TrafficKind?)
    /// Over one of these lanes, which each packet's ports choose: its exit is that lane's peer.
    case spread(NextHops, TrafficKind)
    case drop(DropReason)
}

/// A verdict that holds for the packets of the same flow that follow in the run.
struct KeptVerdict {
    private let packet: InnerPacket
    /// Nil where the verdict depends on addresses alone.
    private let flow: TransportFlow?
    let verdict: Verdict

    init(_ verdict: Verdict, for packet: InnerPacket, _ flow: TransportFlow?) {
        self.verdict = verdict
        self.packet = packet
        self.flow = flow
    }

    /// A verdict covers all fields that its policy looks at, so both packets have a flow or neither.
    @inline(__always)
    func holds(for other: InnerPacket, _ otherFlow: TransportFlow?) -> Bool {
        guard packet.hasSameAddresses(as: other) else { return false }
        guard let flow, let otherFlow else { return flow == nil && otherFlow == nil }
        return flow.isInterchangeable(with: otherFlow)
    }
}
