import NetAddress

/// Steps 3 to 5 of a packet that came over a link, in place of those of a peer's packet.
///
/// The other gateway has judged its sender; here its source must be behind some link, and never a peer's of this node.
/// A source outside of the network is one that a gateway of this node leads to over this very link; what comes back from
/// there is judged as if it came from the interface.
/// From a link packets go to a peer, to the interface or to the gateway itself. To another link they go only as the
/// second half of a detour: straight from the node that the source is behind, straight to the one that the
/// destination is behind. So no packet takes more than two links, or sees a node twice, whatever each node's view says.
/// It is nodes that count, as all gateways that a network has on one node share a view.
extension CurrentView {
    enum LinkVerdict {
        case peer(PeerHandle, TrafficKind)
        /// To the gateway itself.
        case local
        case interface(EgressTable.Grant)
        /// The second half of a detour.
        case transit(NextHops)
        case drop(DropReason)
    }

    /// `flow` is there where the view looks at ports.
    func judgeFromLink(
        _ packet: UnsafeMutablePointer<UInt8>,
        _ inner: InnerPacket,
        _ flow: TransportFlow?,
        of remote: UInt32
    ) -> LinkVerdict {
        guard inner.source.isUnicast(isIPv6: inner.isIPv6) else { return .drop(.sourceNotAllowed) }
        guard case .link(let source)? = destination(of: inner.source, isIPv6: inner.isIPv6) else {
            return judgeReturn(packet, inner, flow)
        }
        switch resolve(inner.destination, isIPv6: inner.isIPv6) {
        case .route(.link(let index), _):
            return network._withUnsafeGuaranteedRef { network in
                guard network.remote(of: source) == remote, network.remote(of: index) != remote
                else {
                    return .drop(.transitNotAllowed)
                }
                guard let hops = network.nextHops(directlyToward: Int(index)) else {
                    return .drop(.linkDown)
                }
                return .transit(hops)
            }
        case .route(.peer(let handle), _): return .peer(handle, .link)
        case .route(.gateway, _): return .local
        case .outside(let grant): return .interface(grant)
        case .nowhere(let reason): return .drop(reason)
        }
    }

    /// What comes back from where a gateway of this node leads out over this link.
    private func judgeReturn(
        _ packet: UnsafeMutablePointer<UInt8>,
        _ inner: InnerPacket,
        _ flow: TransportFlow?
    ) -> LinkVerdict {
        guard let (link, egress) = distant else { return .drop(.sourceNotAllowed) }
        let leading = CurrentView(network: network, egress: egress, remote: nil, distant: nil)
        let isOwn = egress._withUnsafeGuaranteedRef {
            !inner.isIPv6 && $0.configuration.subnet.contains(inner.destination.v4)
        }
        let sender = leading.checkSource(inner, isError: ICMP.isError(packet, inner), over: link)
        guard isOwn, sender.reason == nil else { return .drop(.sourceNotAllowed) }
        guard
            let grant = leading.entry(of: packet, inner, flow, by: sender.grant, over: link),
            // The gateway itself asks no questions that way.
            case .route(.peer(let handle), _) = leading.resolve(inner.destination, isIPv6: false)
        else { return .drop(.unsolicited) }
        return .peer(handle, grant.kind)
    }
}
