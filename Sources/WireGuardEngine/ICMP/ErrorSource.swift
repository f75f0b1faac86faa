import NetAddress

/// Which address an ICMP error comes from. A client takes packets only from addresses that it
/// routes to the gateway, so an error from any other is lost on arrival.
extension GatewayRecord {
    /// RFC 7600: the address of IPv4 routers that have none.
    private static let dummyAddress = InnerPacket.FlowAddress(.v4(IPv4Address(bits: 0xc000_0008)))

    /// Nil where no address is fit to send the error from.
    func errorSource(
        for reason: DropReason,
        about packet: InnerPacket
    ) -> InnerPacket.FlowAddress? {
        // The gateway was asked by this address, RFC 4443 §2.2 (a).
        if reason == .notForwarded { return packet.destination }
        if let own = ownAddress(towards: packet) { return own }
        // A gateway without an address of this family. The sender has to learn that the packet was
        // too big or its receiver is unreachable: the error comes from the receiver's address, which
        // the sender is certain to accept, as Linux does for bridged tunnels. For an exceeded hop
        // limit that address would be wrong: the receiver is not that hop.
        guard reason == .hopLimitExceeded else { return packet.destination }
        return packet.isIPv6 ? nil : Self.dummyAddress
    }

    /// Whether the packet went to all hosts of one of the gateway's own networks.
    func isBroadcast(_ packet: InnerPacket) -> Bool {
        guard !packet.isIPv6 else { return false }
        let destination = packet.destination.v4
        return addresses.contains { own in
            // RFC 3021: in a network of two addresses both are hosts'.
            guard case .v4(let network) = own.prefix, network.length <= 30 else { return false }
            return destination == network.lastAddress || destination == network.firstAddress
        }
    }

    /// The one in the network of the packet's sender, or else the first.
    private func ownAddress(towards packet: InnerPacket) -> InnerPacket.FlowAddress? {
        var first: InnerPacket.FlowAddress?
        for own in addresses where own.isIPv6 == packet.isIPv6 {
            let address = InnerPacket.FlowAddress(own.address)
            guard address.isUnicast(isIPv6: own.isIPv6) else { continue }
            if own.prefix.contains(packet.sender) { return address }
            // RFC 4291 §2.5.6: nothing from a link-local address leaves its link.
            if first == nil, !own.isIPv6 || address.high >> 54 != 0x3fa { first = address }
        }
        return first
    }
}

extension InterfaceAddress {
    fileprivate var isIPv6: Bool {
        if case .v6 = address { true } else { false }
    }
}

extension InnerPacket {
    fileprivate var sender: IPAddress { isIPv6 ? .v6(source.v6) : .v4(source.v4) }
}
