package import DataPlane
package import GatewayDomain
import NetAddress
import NodeProtocol
import SystemIO
import WireGuardEngine

// What is stored, in the data plane's words.

extension DesiredGateway {
    /// - Parameters:
    ///   - bindAddress: where gateways listen; nil for all addresses of the host.
    ///   - time: as of which something is left of quotas.
    init(_ provision: GatewayProvision, bindAddress: IPAddress?, at time: Timestamp) {
        self.init(
            id: DesiredID(provision.id),
            networkID: DesiredID(provision.networkID),
            configuration: GatewayConfiguration(
                privateKey: provision.privateKey,
                addresses: [provision.serverAddress],
                mtu: provision.mtu
            ),
            listen: ListenAddress(address: bindAddress, port: provision.port),
            limits: SharedLimits(provision.limits, at: time),
            organization: DesiredOrganization(of: provision, at: time)
        )
    }
}

extension EgressConfiguration {
    /// Nil for a gateway that does not lead out, or has no range.
    ///
    /// - Parameter pool: is reached only where a service names a part of it, as the prefixes of services that the
    ///   gateway does not lead to.
    init?(_ provision: GatewayProvision, pool: IPv4Prefix) {
        guard let egress = provision.egress, let range = egress.mappedRange else { return nil }
        self.init(
            subnet: provision.subnet,
            mappedRange: range,
            services: egress.services.flatMap { EgressPermission.all(of: $0) },
            internet: egress.hasInternet,
            excluded: ([pool] + egress.reserved).map { .v4($0) }
        )
    }
}

extension EgressPermission {
    static func all(of service: EgressProvision.Service) -> [EgressPermission] {
        let transport: UInt8? = service.transport.map { $0 == .tcp ? 6 : 17 }
        let prefix = IPPrefix.v4(service.prefix)
        guard !service.ports.isEmpty else {
            return [EgressPermission(prefix, transportProtocol: transport)]
        }
        return service.ports.map {
            EgressPermission(prefix, transportProtocol: transport, ports: $0.first...$0.last)
        }
    }
}

extension DesiredPeer {
    init(_ provision: PeerProvision, at time: Timestamp) {
        self.init(
            id: DesiredID(provision.id),
            gatewayID: DesiredID(provision.gatewayID),
            configuration: PeerConfiguration(
                publicKey: provision.publicKey,
                presharedKey: provision.presharedKey,
                limits: provision.limits.map { PeerLimits($0, at: time) }
            ),
            lastHeard: provision.lastEndpoint.map {
                LastHeard(endpoint: $0, time: provision.lastSeen.map { WallTime($0) })
            },
            prefixes: [IPPrefix(.v4(provision.address))] + provision.allowedIPs
        )
    }
}

extension DesiredID {
    package init<Kind>(_ id: Identifier<Kind>) {
        self = id.withBytes { Self($0) }
    }
}

extension Identifier {
    /// - Parameter id: one that was made of an identifier.
    package init<Object>(_ id: DesiredID<Object>) {
        self = id.withBytes { Self(bytes: $0) }
    }
}

extension WallTime {
    fileprivate init(_ timestamp: Timestamp) {
        self.init(nanoseconds: UInt64(clamping: timestamp.microseconds) * 1_000)
    }
}
