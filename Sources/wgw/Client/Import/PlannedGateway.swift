import GatewayDomain
import HubRuntime
import NetAddress
import WireGuardCrypto

extension PlannedGateway {
    /// Nil where the section of the interface has no place for a gateway, which is noted.
    init?(
        _ interface: HubConfiguration.Interface,
        subnet given: IPv4Prefix?,
        _ notes: inout ImportNotes
    ) {
        if interface.listenPort == 0 {
            notes.refuse("ListenPort: is missing; add the port that the peers' Endpoint has")
        }
        if !TunnelLimits.mtus.contains(interface.mtu) {
            let limits = TunnelLimits.mtus
            notes.refuse(
                "MTU: a gateway has from \(limits.lowerBound) to \(limits.upperBound); change the line"
            )
        }
        guard let address = Self.address(interface.addresses, &notes),
            let place = Self.place(of: address, in: given, &notes)
        else { return nil }
        privateKey = interface.privateKey
        publicKey = X25519.publicKey(of: interface.privateKey)
        port = interface.listenPort
        serverAddress = place.serverAddress
        subnet = place.subnet
        mtu = interface.mtu
    }

    /// The first address of IPv4, which is all that a gateway can have.
    private static func address(
        _ addresses: [InterfaceAddress],
        _ notes: inout ImportNotes
    ) -> InterfaceAddress? {
        var first: InterfaceAddress?
        for own in addresses {
            if first == nil, case .v4 = own.address {
                first = own
                continue
            }
            notes.remark(
                """
                Address: \(own.address) is not taken over, as a gateway has one address, of IPv4; peers \
                reach each other all the same
                """
            )
        }
        if first == nil {
            notes.refuse("Address: has no IPv4 address; add that of the server, like 10.0.0.1/24")
        }
        return first
    }

    private static func place(
        of own: InterfaceAddress,
        in given: IPv4Prefix?,
        _ notes: inout ImportNotes
    ) -> (serverAddress: InterfaceAddress, subnet: IPv4Prefix)? {
        guard case .v4(let address) = own.address, case .v4(let prefix) = own.prefix else {
            return nil
        }
        let subnet = given ?? prefix
        guard let hosts = SubnetPlan.peerAddresses(in: subnet) else {
            notes.refuse(
                """
                Address: \(own) leaves no room for peers; give the subnet that they have addresses of, \
                like --subnet \(address.subnet)
                """
            )
            return nil
        }
        guard hosts.contains(address) else {
            notes.refuse("Address: \(address) cannot be that of a host in the subnet \(subnet)")
            return nil
        }
        guard SubnetPlan.isUsable(subnet), SubnetPlan.blockLengths.contains(Int(subnet.length))
        else {
            notes.refuse(
                "Address: a gateway cannot have the subnet \(subnet); take one like 10.0.0.0/24"
            )
            return nil
        }
        return (SubnetPlan.serverAddress(in: subnet, given: address), subnet)
    }
}

extension IPv4Address {
    /// The usual subnet that the address is in.
    fileprivate var subnet: String { "\(IPv4Address(bits: bits & ~255))/24" }
}
