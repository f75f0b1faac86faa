import GatewayDomain
import HubRuntime
import NetAddress
import WireGuardCrypto

extension PlannedPeer {
    /// - Parameters:
    ///   - prefixes: what is routed to the peer, in their order.
    ///   - gateway: nil where that is wrong itself.
    init(
        _ peer: HubConfiguration.Peer,
        name: String?,
        prefixes: [IPPrefix],
        on gateway: PlannedGateway?,
        _ notes: inout ImportNotes
    ) {
        line = Int(peer.line)
        self.name = name.flatMap(ObjectName.normalized)
        publicKey = peer.publicKey
        presharedKey = peer.presharedKey
        keepalive = peer.persistentKeepalive == 0 ? nil : Int(peer.persistentKeepalive)
        let own = prefixes.firstIndex { $0.isPeerAddress(on: gateway) }
        address = own.flatMap { prefixes[$0].hostAddress }
        endpoint = peer.endpoint?.known
        networks = prefixes.indices.filter { $0 != own }.map { prefixes[$0] }
        check(on: gateway, &notes)
        remark(peer, on: gateway, &notes)
    }

    private func check(on gateway: PlannedGateway?, _ notes: inout ImportNotes) {
        if !publicKey.isCanonical || publicKey.isOfLowOrder {
            notes.refuse(line: line, "PublicKey: must be a key that 'wg pubkey' prints")
        }
        for network in networks {
            guard let objection = Self.objection(to: network, on: gateway) else { continue }
            notes.refuse(line: line, "AllowedIPs: \(network) \(objection)")
        }
        let most = TunnelLimits.mostAllowedIPs
        if networks.count > most {
            notes.refuse(line: line, "AllowedIPs: has more than \(most) networks")
        }
    }

    /// What the server would refuse as well, as far as the file tells it.
    private static func objection(
        to network: IPPrefix,
        on gateway: PlannedGateway?
    ) -> String? {
        if network.length == 0 {
            return """
                is everything; leave it out, and make the peer the default gateway of the network afterwards
                """
        }
        if !SubnetPlan.isUsable(network) {
            return "overlaps addresses that no host may use, such as loopback"
        }
        guard let gateway else { return nil }
        if network.contains(gateway.serverAddress.address) {
            return "contains \(gateway.serverAddress.address), the server's own address"
        }
        let subnet = IPPrefix.v4(gateway.subnet)
        return network.overlaps(subnet) && !subnet.contains(network)
            ? "overlaps \(subnet), the subnet of the server" : nil
    }

    private func remark(
        _ peer: HubConfiguration.Peer,
        on gateway: PlannedGateway?,
        _ notes: inout ImportNotes
    ) {
        if let gateway, address == nil {
            notes.remark(
                """
                the [Peer] of line \(line) has no address of \(gateway.subnet) in its AllowedIPs; it gets one \
                beside them
                """
            )
        }
        if case .name(let name, _)? = peer.endpoint {
            notes.remark(
                """
                Endpoint: the host name \(name) of the [Peer] of line \(line) is not taken over; the \
                gateway answers where the peer is heard
                """
            )
        }
    }
}

extension PeerEndpoint {
    /// Where the peer is, as far as that takes no look-up.
    fileprivate var known: Endpoint? {
        guard case .address(let endpoint) = self, endpoint.address.obstacle == nil else {
            return nil
        }
        return endpoint
    }
}

extension IPPrefix {
    /// Of a prefix that holds one address of IPv4.
    fileprivate var hostAddress: IPv4Address? {
        guard case .v4(let address)? = onlyAddress else { return nil }
        return address
    }

    /// Whether it can be a peer's own address in the subnet of the gateway.
    fileprivate func isPeerAddress(on gateway: PlannedGateway?) -> Bool {
        guard let gateway, let hostAddress else { return false }
        return SubnetPlan.peerAddresses(in: gateway.subnet)?.contains(hostAddress) == true
            && .v4(hostAddress) != gateway.serverAddress.address
    }
}
