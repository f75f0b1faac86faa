import GatewayDomain
import GatewayStore
import NetAddress
import NodeProtocol
import WireGuardCrypto

// Gateways and peers as nodes are told them.

extension LocalNodeFeed {
    func change(
        of id: GatewayID,
        _ row: NodeTables.Found<NodeTables.SealedGateway>,
        _ services: [PrivateService],
        _ limits: ProvidedLimits
    ) -> NodeChange {
        switch row {
        case .damaged(let column):
            return .gatewayLeftOut(id, reason: .unreadable("the gateway", column: column))
        case .readable(let gateway):
            let key = try? controlPlane.masterKey.open(
                gateway.sealedPrivateKey,
                for: .gatewayPrivateKey,
                of: gateway.id
            )
            guard let key else {
                note("gateway", id, "sealed_private_key")
                return .gatewayLeftOut(id, reason: .unopened("the gateway's private key"))
            }
            return .gatewayPut(provision(gateway, key, services, limits))
        }
    }

    func change(
        of id: PeerID,
        of gateway: GatewayID?,
        _ row: NodeTables.Found<NodeTables.SealedPeer>,
        _ limits: ProvidedLimits
    ) -> NodeChange {
        switch row {
        case .damaged(let column):
            return .peerLeftOut(id, of: gateway, reason: .unreadable("peer \(id)", column: column))
        case .readable(let peer):
            guard let sealed = peer.sealedPresharedKey else {
                return .peerPut(provision(peer, presharedKey: nil, limits))
            }
            guard let key = try? controlPlane.masterKey.open(sealed, for: .peerPresharedKey, of: id)
            else {
                note("peer", id, "sealed_preshared_key")
                return .peerLeftOut(
                    id,
                    of: gateway,
                    reason: .unopened("the preshared key of peer \(id)")
                )
            }
            return .peerPut(provision(peer, presharedKey: key, limits))
        }
    }

    func note(_ table: String, _ id: some CustomStringConvertible, _ column: String) {
        store.damage.note(DamagedRow(table: table, id: "\(id)", column: column))
    }

    private func provision(
        _ gateway: NodeTables.SealedGateway,
        _ privateKey: SecretKey,
        _ services: [PrivateService],
        _ limits: ProvidedLimits
    ) -> GatewayProvision {
        GatewayProvision(
            id: gateway.id,
            networkID: gateway.networkID,
            name: gateway.name,
            privateKey: privateKey,
            port: gateway.port,
            serverAddress: SubnetPlan.serverAddress(
                in: gateway.subnet,
                given: gateway.givenAddress
            ),
            subnet: gateway.subnet,
            mtu: gateway.mtu,
            egress: EgressProvision(among: services, of: gateway),
            standing: GatewayStanding(
                status: gateway.status,
                reason: gateway.statusReason,
                lacksEgress: gateway.lacksEgress
            ),
            organizationID: gateway.organizationID,
            limits: limits[.gateway(gateway.id)],
            organizationLimits: limits[.organization(gateway.organizationID)]
        )
    }

    private func provision(
        _ peer: NodeTables.SealedPeer,
        presharedKey: SecretKey?,
        _ limits: ProvidedLimits
    ) -> PeerProvision {
        PeerProvision(
            id: peer.id,
            gatewayID: peer.gatewayID,
            publicKey: peer.publicKey,
            presharedKey: presharedKey,
            address: peer.address,
            allowedIPs: peer.allowedIPs + (peer.isDefaultGateway ? [.v4(.everything)] : []),
            lastEndpoint: peer.lastEndpoint,
            lastSeen: peer.lastSeen,
            limits: limits[.peer(peer.id)]
        )
    }
}

extension EgressProvision {
    /// Nil where the gateway has no way out.
    fileprivate init?(among all: [PrivateService], of gateway: NodeTables.SealedGateway) {
        let services = gateway.services.services(among: all)
        guard gateway.hasInternet || !services.isEmpty else { return nil }
        self.init(
            mappedRange: gateway.egressRange,
            services: services.flatMap(\.provisions),
            reserved: gateway.hasInternet ? all.flatMap(\.prefixes) : [],
            hasInternet: gateway.hasInternet
        )
    }
}

extension PrivateService {
    /// Prefix by prefix.
    var provisions: [EgressProvision.Service] {
        prefixes.map { .init(prefix: $0, transport: transport, ports: ports) }
    }
}

/// Why something is left out, for its owner.
extension String {
    fileprivate static func unreadable(_ object: String, column: String) -> String {
        """
        the database holds a value of \(object) that cannot be read (\(column)); ask the operator \
        to restore it from a backup
        """
    }

    fileprivate static func unopened(_ key: String) -> String {
        """
        \(key) in the database is damaged; ask the operator to restore it from a backup, or make \
        the object anew
        """
    }
}
