import NetAddress

/// Step 4: may it leave through the interface, or come in?
/// Before: a packet whose source is its sender's. After: one that a permission of the gateway covers.
///
/// There is no table of flows: both directions are judged by the same permissions, of which the far
/// end's address, protocol and port are asked. Later pieces of a fragmented packet have no ports; they pass
/// by address and protocol, as without their first piece, which is judged by its ports, they are of no use.
extension CurrentView {
    /// What an address leads to in a network.
    enum Lead {
        /// With the length of the route's prefix.
        case route(Destination, length: UInt8)
        /// Out of the network: through the node's interface, or over the link that the grant names.
        case outside(EgressTable.Grant)
        /// `noRoute` inside the network's own blocks and where there is no way out, otherwise
        /// `egressNotAllowed`.
        case nowhere(DropReason)
    }

    /// The network's own blocks come first, then the longest prefix. Of equal ones the network's route
    /// counts, but that the node's own way to the internet comes before the network's default route. Not for what
    /// comes over a link: the gateway at its other end has taken that route before.
    @inline(__always)
    func resolve(_ address: InnerPacket.FlowAddress, isIPv6: Bool) -> Lead {
        guard let egress else {
            guard let found = destination(of: address, isIPv6: isIPv6) else {
                return .nowhere(.noRoute)
            }
            return .route(found, length: 0)
        }
        return resolve(address, isIPv6: isIPv6, egress)
    }

    private func resolve(
        _ address: InnerPacket.FlowAddress,
        isIPv6: Bool,
        _ egress: Unmanaged<EgressTable>
    ) -> Lead {
        let route = network._withUnsafeGuaranteedRef { $0.match(address, isIPv6: isIPv6) }
        let grant = egress._withUnsafeGuaranteedRef { $0.grant(at: address, isIPv6: isIPv6) }
        if let grant, grant.reach == .permitted,
            grant.comesBefore(routeOfLength: route?.length, isFromLink: remote != nil)
        {
            return .outside(grant)
        }
        if let route { return .route(route.value, length: route.length) }
        return .nowhere(grant?.reach == .ownBlock ? .noRoute : .egressNotAllowed)
    }

    /// Whether verdicts have to look at protocol and ports.
    @inline(__always)
    var looksAtPorts: Bool {
        egress?._withUnsafeGuaranteedRef { $0.looksAtPorts } ?? false
            || distant?.egress._withUnsafeGuaranteedRef { $0.looksAtPorts } ?? false
    }

    /// What verdicts have to look at beside addresses. Of ICMP they look at what errors quote, so that no
    /// message's verdict holds for the next one.
    @inline(__always)
    func flow(
        of packet: UnsafeMutablePointer<UInt8>,
        _ inner: InnerPacket,
        lookingAtPorts: Bool
    ) -> TransportFlow? {
        guard
            lookingAtPorts
                || inner.transportProtocol == ICMP.protocolV4 && (egress != nil || distant != nil)
        else { return nil }
        return TransportFlow(packet, inner)
    }

    /// A peer's packet to an address that a grant covers. `flow` is there where the view looks at ports.
    func mayLeave(
        _ packet: UnsafeMutablePointer<UInt8>,
        _ inner: InnerPacket,
        _ flow: TransportFlow?,
        by grant: EgressTable.Grant
    ) -> Bool {
        guard let egress else { return false }
        return egress._withUnsafeGuaranteedRef { egress in
            // Only the gateway's own subnet has a mapped range: hosts of a site behind a peer do not
            // leave here.
            guard !inner.isIPv6, egress.configuration.subnet.contains(inner.source.v4) else {
                return false
            }
            guard let flow else { return grant.isUnrestricted }
            guard ICMP.isError(packet, inner) else {
                return egress.permits(grant, flow, farPort: flow.destinationPort)
            }
            // About what the far end has sent to this peer: an error about another peer's flow could end
            // that flow.
            guard let quoted = QuotedPacket(in: packet, inner),
                quoted.source == inner.destination, quoted.destination == inner.source
            else { return false }
            return egress.permits(grant, flow, farPort: 0)
                || egress.permits(grant, quoted.flow, farPort: quoted.flow.sourcePort)
        }
    }

    /// By what a packet from the interface to a mapped address, or over a link to the gateway's subnet, may enter; nil where
    /// nothing permits it. `grant` is that of its sender, or for an error that of what it quotes.
    func entry(
        of packet: UnsafeMutablePointer<UInt8>,
        _ inner: InnerPacket,
        _ flow: TransportFlow?,
        by grant: EgressTable.Grant?,
        over link: UInt32? = nil
    ) -> EgressTable.Grant? {
        guard let egress else { return nil }
        return egress._withUnsafeGuaranteedRef { egress in
            guard ICMP.isError(packet, inner) else {
                guard let grant else { return nil }
                guard let flow else { return grant.isUnrestricted ? grant : nil }
                return egress.permits(grant, flow, farPort: flow.sourcePort) ? grant : nil
            }
            // Of any router, about what its receiver has sent: an error about another peer's flow could end
            // that flow.
            guard let quoted = QuotedPacket(in: packet, inner),
                quoted.source == inner.destination
            else { return nil }
            if let grant, let flow, egress.permits(grant, flow, farPort: 0) { return grant }
            guard case .outside(let asked) = resolve(quoted.destination, isIPv6: false),
                asked.link == link,
                egress.permits(asked, quoted.flow, farPort: quoted.flow.destinationPort)
            else { return nil }
            return asked
        }
    }
}

extension EgressTable.Grant {
    @inline(__always)
    fileprivate func comesBefore(routeOfLength other: UInt8?, isFromLink: Bool) -> Bool {
        guard let other else { return true }
        return length > other || length == 0 && other == 0 && link == nil && !isFromLink
    }
}
