import NetAddress

/// A part of step 6: the interface's side of a gateway knows its peers by mapped addresses.
/// Before: the addresses of the side that the packet came from. After: those of the other side.
extension CurrentView {
    /// False where that cannot be: see `PrefixMap`. A gateway without egress has no mapping, and its
    /// packets stay as they are.
    @inline(__always)
    func translate(
        _ packet: UnsafeMutablePointer<UInt8>,
        _ inner: InnerPacket,
        from origin: Origin
    ) -> Bool {
        guard let egress else { return true }
        return egress._withUnsafeGuaranteedRef { egress in
            guard let addresses = egress.addresses else { return false }
            return switch origin {
            case .peer: addresses.mapSource(of: packet, inner)
            case .interface: addresses.mapDestination(of: packet, inner)
            }
        }
    }

    /// The address that stands for one of the tunnel outside it.
    func outside(_ address: IPv4Address) -> IPv4Address {
        map(address) { ($0.inside, $0.outside) }
    }

    func inside(_ address: IPv4Address) -> IPv4Address {
        map(address) { ($0.outside, $0.inside) }
    }

    /// Whether it stands for one of the tunnel.
    @inline(__always)
    func isMapped(_ address: IPv4Address) -> Bool {
        egress?._withUnsafeGuaranteedRef { $0.addresses?.outside.contains(address) } ?? false
    }

    /// Where an error to the interface's side comes from: the gateway's own address, mapped; and where it has
    /// none there, the address that the packet went to, which its sender is certain to accept.
    func errorSource(
        _ own: InnerPacket.FlowAddress,
        about packet: InnerPacket
    ) -> InnerPacket.FlowAddress {
        guard let egress, !packet.isIPv6,
            egress._withUnsafeGuaranteedRef({ $0.configuration.subnet.contains(own.v4) })
        else { return packet.destination }
        return InnerPacket.FlowAddress(.v4(outside(own.v4)))
    }

    private func map(
        _ address: IPv4Address,
        _ direction: (PrefixMap) -> (from: IPv4Prefix, to: IPv4Prefix)
    ) -> IPv4Address {
        guard let addresses = egress?._withUnsafeGuaranteedRef({ $0.addresses }) else {
            return address
        }
        let (from, to) = direction(addresses)
        let host = from.network.bits ^ from.lastAddress.bits
        return IPv4Address(bits: to.network.bits | address.bits & host)
    }
}
