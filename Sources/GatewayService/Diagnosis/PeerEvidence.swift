package import GatewayDomain
import GatewayStore
import NetAddress
import WireGuardCrypto

/// All that findings about a peer are made from, as of one moment. What follows from it is a pure
/// function.
struct PeerEvidence: Sendable {
    let peer: Peer
    let gateway: Gateway
    /// What carries the gateway; nil where that was not looked up.
    var node: GatewayNode?
    /// Nil where the node is heard of.
    var absence: NodeAbsence?
    /// Seconds, as the config of the peer has it; 0 for none.
    let keepalive: Int
    let observed: PeerObservations
    let atGateway: GatewayObservations
    let observedSince: Timestamp
    let now: Timestamp
    /// Keys of strangers that this peer had before, as the journal says.
    var formerKeys: Set<PublicKey> = []
    /// Keys of strangers that other peers of the network have.
    var keysOfOthers: Set<PublicKey> = []
    /// Names of those peers of the network that packets of this one were meant for, where they have one.
    var names: [IPAddress: String] = [:]
    /// The private services of the server that are for the peer's organization.
    var services: [PrivateService] = []
    /// Those of them that are reached over links of the gateway.
    var distantWaysOut = DistantWaysOut.none
    /// Those that are for other organizations only: nothing else leads to their addresses.
    var servicesOfOthers: [PrivateService] = []

    /// Those of the peer, of its gateway and of its organization.
    var limits: [LimitSetting] = []

    /// How old a packet that went no further may be to be told.
    static let memorySeconds: Int64 = 3_600

    var connection: PeerConnection {
        PeerConnection(latestHandshakeAt: peer.activity.latestHandshakeAt, at: now)
    }

    /// The dropped packets of this reason that are recent.
    func drops(_ reason: DropCause) -> [DropObservation] {
        observed.drops.filter {
            $0.reason == reason && $0.last.advanced(bySeconds: Self.memorySeconds) > now
        }
        .sorted { $0.last > $1.last }
    }

    /// Whole seconds from an earlier moment to now.
    func seconds(since time: Timestamp) -> Int {
        max(0, Int(now.microseconds / 1_000_000 - time.microseconds / 1_000_000))
    }

    /// An address, with the name of the peer that has it.
    func text(_ address: IPAddress?) -> String {
        guard let address else { return "an unknown address" }
        return names[address].map { "\(address) (\($0))" } ?? "\(address)"
    }

    /// The service with this address.
    func service(at address: IPAddress?) -> PrivateService? {
        address.flatMap { address in services.first { $0.contains(address) } }
    }

    /// A service with this address that the gateway does not lead to.
    func deniedService(at address: IPAddress?) -> PrivateService? {
        guard let service = service(at: address) else { return nil }
        let isReached =
            !gateway.services(among: [service]).isEmpty
            || distantWaysOut.way(to: service) != nil
        return isReached ? nil : service
    }

    /// What the gateway takes from the peer.
    var ownAddresses: String {
        guard !peer.isDefaultGateway else { return "all addresses that no other peer has" }
        guard !peer.allowedIPs.isEmpty else { return "\(peer.address)" }
        let networks = peer.allowedIPs.map(\.description).joined(separator: ", ")
        return "\(peer.address) and its networks \(networks)"
    }
}

extension ControlPlane {
    /// Says how a peer does and what to do about it.
    package func diagnosePeer(_ id: PeerID, by caller: Caller) async throws -> PeerDiagnosis {
        try await store.readAside { db in try evidence(id, in: caller.scope, db) }.diagnosis
    }

    func evidence(
        _ id: PeerID,
        in scope: Scope,
        _ db: any SQLConnection
    ) throws -> PeerEvidence {
        guard let peer = try Peers.find(id, in: scope, db),
            let gateway = try Gateways.find(peer.gatewayID, in: scope, db)
        else { throw ServiceError.notFound }
        var evidence = evidence(peer, gateway)
        for case .unknownKey(let key) in evidence.atGateway.strangers.map(\.mistake) {
            if try Events.mentions(key.base64, before: peer, db) {
                evidence.formerKeys.insert(key)
            } else if try Peers.find(key, in: gateway.networkID, of: scope, db) != nil {
                evidence.keysOfOthers.insert(key)
            }
        }
        let services = try PrivateServices.all(db)
        let organization = gateway.organizationID
        evidence.services = services.filter { $0.isGiven(to: organization) }
        evidence.distantWaysOut = try DistantWaysOut(of: gateway.id, among: services, db)
        evidence.servicesOfOthers = services.filter { !$0.isGiven(to: organization) }
        try evidence.readLimits(db)
        evidence.node = try Nodes.find(gateway.nodeID, db).map(addingActivity)
        evidence.absence = evidence.node.flatMap(absence)
        let owners = AddressOwners(network: gateway.networkID, scope: scope)
        for case let address? in evidence.observed.drops.map(\.destination) {
            if let name = try owners.peer(at: address, db)?.name { evidence.names[address] = name }
        }
        return evidence
    }

    /// Without what has to be looked up for its strangers and packets.
    func evidence(_ peer: Peer, _ gateway: Gateway) -> PeerEvidence {
        PeerEvidence(
            peer: peer,
            gateway: gateway,
            keepalive: peer.persistentKeepalive ?? gateway.persistentKeepalive
                ?? settings.defaultPersistentKeepalive,
            observed: observations[peer.id] ?? PeerObservations(),
            atGateway: observations[gateway.id],
            observedSince: max(observations.since, peer.createdAt),
            now: now()
        )
    }
}
