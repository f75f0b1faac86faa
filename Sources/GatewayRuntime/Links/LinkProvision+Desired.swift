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
    ///   - pool: what the node's mapped ranges come from; nil while it lets nothing out.
    /// - Returns: nil for a link without lanes, which carries nothing.
    init?(
        _ provision: LinkProvision,
        of gateway: GatewayProvision,
        bindAddress: IPAddress?,
        addresses: [HostName: IPAddress],
        egressPool pool: IPv4Prefix?
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
            egress: pool.flatMap { EgressConfiguration(provision, pool: $0) },
            wayOut: provision.wayOut.flatMap { WayOut($0, of: gateway) },
            lanes: provision.lanes.map { Lane($0, bindAddress: bindAddress, addresses: addresses) }
        )
    }
}

extension DesiredLink.WayOut {
    /// Nil where the other node lets nothing out.
    fileprivate init?(_ wayOut: LinkProvision.WayOut, of gateway: GatewayProvision) {
        guard wayOut.mappedRange != nil else { return nil }
        self.init(
            of: DesiredID(gateway.id),
            subnet: gateway.subnet,
            services: wayOut.services.flatMap { EgressPermission.all(of: $0) },
            internet: wayOut.hasInternet,
            excluded: wayOut.reserved.map { .v4($0) }
        )
    }
}

extension EgressConfiguration {
    /// What peers of the other gateway reach through this node.
    fileprivate init?(_ provision: LinkProvision, pool: IPv4Prefix) {
        guard let wayOut = provision.remoteWayOut, let range = wayOut.mappedRange else {
            return nil
        }
        self.init(
            subnet: provision.remoteSubnet,
            mappedRange: range,
            services: wayOut.services.flatMap { EgressPermission.all(of: $0) },
            internet: wayOut.hasInternet,
            excluded: ([pool] + wayOut.reserved).map { .v4($0) }
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
