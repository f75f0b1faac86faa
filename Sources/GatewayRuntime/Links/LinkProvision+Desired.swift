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
    /// - Returns: nil for a link without lanes, which carries nothing.
    init?(
        _ provision: LinkProvision,
        of gateway: GatewayProvision,
        bindAddress: IPAddress?
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
            lanes: provision.lanes.map { Lane($0, bindAddress: bindAddress) }
        )
    }
}

extension DesiredLink.Lane {
    /// A node that is known by its name alone calls, and is answered where it called from.
    fileprivate init(_ lane: LinkProvision.Lane, bindAddress: IPAddress?) {
        var endpoint: Endpoint?
        if case .address(let address) = lane.remoteEndpoint.host {
            endpoint = Endpoint(address: address, port: lane.remoteEndpoint.port)
        }
        self.init(
            privateKey: lane.privateKey,
            listen: ListenAddress(address: bindAddress, port: lane.port),
            remoteKey: lane.remotePublicKey,
            endpoint: endpoint
        )
    }
}
