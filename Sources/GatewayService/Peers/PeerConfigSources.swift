import GatewayDomain
import GatewayStore
import NetAddress
import PeerConfig
import WireGuardCrypto

/// One moment's view of everything that the config file of a peer says.
struct PeerConfigSources: Sendable {
    let peer: Peer
    let fullTunnel: Bool
    /// That of the kind of file that is asked for.
    let revision: Int64
    private let gateway: Gateway
    private let networkName: String
    private let subnets: [IPv4Prefix]
    /// The networks behind other peers, as far as they are not in these subnets. Those of IPv6 only where
    /// the peer has such a network itself: it has no address of IPv6 to send from otherwise.
    private let sitePrefixes: [IPPrefix]
    private let sealedPresharedKey: [UInt8]?
    private let services: [PrivateService]
    private let hasWayOut: Bool

    /// - Parameter fullTunnel: asks for a route to everything. It is given where the network has a way
    ///   out that is not the peer itself.
    init(
        _ id: PeerID,
        fullTunnel: Bool,
        in scope: Scope,
        _ db: any SQLConnection
    ) throws {
        guard
            let peer = try Peers.find(id, in: scope, db),
            let gateway = try Gateways.find(peer.gatewayID, in: scope, db),
            let network = try Networks.find(gateway.networkID, in: scope, db)
        else { throw ServiceError.notFound }
        self.peer = peer
        self.fullTunnel = fullTunnel
        self.gateway = gateway
        networkName = network.name
        revision = try ConfigRevisions.revision(of: id, fullTunnel: fullTunnel, db)
        subnets = try Gateways.readableSubnets(
            of: gateway.networkID,
            of: scope.organizationID,
            db
        )
        let (subnets, hasIPv6) = (subnets, peer.allowedIPs.contains(where: \.isIPv6))
        sitePrefixes = try PeerPrefixes.list(of: network.id, of: network.organizationID, db)
            .filter { $0.peerID != id && (hasIPv6 || !$0.prefix.isIPv6) }
            .map(\.prefix)
            .filter { prefix in !subnets.contains { IPPrefix.v4($0).contains(prefix) } }
        sealedPresharedKey = try Peers.sealedPresharedKey(of: peer, db)
        let all = try PrivateServices.all(db)
        services =
            try gateway.services(among: all)
            + DistantWaysOut(of: gateway.id, among: all, db).services
        hasWayOut = try WayOut(of: peer, on: gateway, db) != .none
    }

    /// - Parameters:
    ///   - privateKey: nil where only the peer's owner knows it.
    ///   - masterKey: opens the peer's preshared key; nil for a reader who may not see it.
    ///   - damage: notes a preshared key that cannot be opened, which is refused.
    func tunnel(
        privateKey: SecretKey? = nil,
        settings: InstallationSettings,
        masterKey: MasterKey?,
        damage: DamagedRows
    ) throws -> PeerTunnel {
        PeerTunnel(
            peerID: peer.id,
            peerName: peer.name,
            networkName: networkName,
            privateKey: privateKey,
            address: peer.address,
            otherAddresses: otherAddresses,
            mtu: gateway.mtu,
            gatewayPublicKey: gateway.publicKey,
            gatewayAddress: gateway.serverAddress.address,
            presharedKey: try presharedKey(masterKey, damage),
            allowedPrefixes: PeerTunnel.allowedPrefixes(
                gatewaySubnets: subnets,
                sitePrefixes: sitePrefixes,
                servicePrefixes: services.flatMap(\.prefixes),
                toEverywhere: fullTunnel && hasWayOut
            ),
            endpoint: gateway.endpoint,
            persistentKeepalive: peer.persistentKeepalive
                ?? gateway.persistentKeepalive
                ?? settings.defaultPersistentKeepalive
        )
    }

    /// Of the networks behind the peer those that can be the device itself. A single IPv4 address outside
    /// the subnet is one of a host behind it; of IPv6 the device has no other.
    private var otherAddresses: [IPAddress] {
        peer.allowedIPs.compactMap { prefix in
            switch prefix {
            case .v4(let single): gateway.subnet.contains(single) ? prefix.onlyAddress : nil
            case .v6: prefix.onlyAddress
            }
        }
    }

    private func presharedKey(
        _ masterKey: MasterKey?,
        _ damage: DamagedRows
    ) throws -> PeerTunnel.PresharedKey {
        guard let sealed = sealedPresharedKey else { return .none }
        guard let masterKey else { return .hidden }
        guard let key = try? masterKey.open(sealed, for: .peerPresharedKey, of: peer.id) else {
            let row = DamagedRow(table: "peer", id: "\(peer.id)", column: "sealed_preshared_key")
            damage.note(row)
            throw ServiceError.damaged(table: row.table, id: row.id, column: row.column)
        }
        return .key(key)
    }
}
