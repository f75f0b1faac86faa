import DataPlane
import GatewayDomain
import NetAddress
import NodeProtocol
import SystemIO
import WireGuardEngine

extension DesiredLink {
    /// - Parameters:
    ///   - gateway: that of this node, at its end.
    ///   - bindAddress: where lanes listen; nil for all addresses of the host.
    ///   - addresses: to which the names of other nodes lead, as far as they were found.
    /// - Returns: nil for a link without lanes, which carries nothing.
    init?(
        _ provision: LinkProvision,
        of gateway: GatewayProvision,
        bindAddress: IPAddress?,
        addresses: [HostName: IPAddress]
    ) {
        guard (1...Self.mostLanes).contains(provision.lanes.count) else { return nil }
        var remoteAddress: IPv4Address?
        if case .v4(let address) = provision.remoteAddress { remoteAddress = address }
        self.init(
            id: DesiredID(provision.id),
            networkID: DesiredID(provision.networkID),
            remoteNodeID: DesiredID(provision.remoteNodeID),
            addresses: [gateway.serverAddress],
            remoteAddress: remoteAddress,
            subnets: [.v4(provision.remoteSubnet)],
            prefixes: provision.remotePrefixes,
            mtu: provision.mtu,
            lanes: provision.lanes.map { Lane($0, bindAddress: bindAddress, addresses: addresses) }
        )
    }
}

extension DesiredLink.Lane {
    /// A node whose name was not found yet is waited for, and answered where it called from.
    fileprivate init(
        _ lane: LinkProvision.Lane,
        bindAddress: IPAddress?,
        addresses: [HostName: IPAddress]
    ) {
        let address: IPAddress? =
            switch lane.remoteEndpoint.host {
            case .address(let address): address
            case .name(let name): addresses[name]
            }
        self.init(
            privateKey: lane.privateKey,
            listen: ListenAddress(address: bindAddress, port: lane.port),
            remoteKey: lane.remotePublicKey,
            endpoint: address.map { Endpoint(address: $0, port: lane.remoteEndpoint.port) }
        )
    }
}
