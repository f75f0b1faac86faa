import DataPlane
import NetAddress
import SystemIO
import WireGuardCrypto
import WireGuardEngine

/// What the hub should carry, as its config file, what was heard of peers and where names are have it:
/// pure. What of that is new, the data plane finds out.
struct HubState {
    /// A hub has one gateway, in a network of its own. Its peers' ids are their keys.
    static let gatewayID = DesiredGateway.ID(0)
    private static let networkID = DesiredNetwork.ID(0)

    /// Where the gateway listens; nil for all addresses of the host.
    private let bindAddress: IPAddress?
    private let localDelivery: GatewayConfiguration.LocalDelivery
    /// The port that is listened on; zero before the gateway is open.
    private(set) var port: UInt16 = 0
    private var configuration: HubConfiguration?
    private var heard: [PublicKey: HeardPeer] = [:]
    private var names = EndpointNames()
    /// From the file of remembered peers, until the first configuration is adopted.
    private var remembered: [RememberedPeer]

    init(
        bindAddress: IPAddress? = nil,
        localDelivery: GatewayConfiguration.LocalDelivery = .router,
        remembering remembered: [RememberedPeer] = []
    ) {
        self.bindAddress = bindAddress
        self.localDelivery = localDelivery
        self.remembered = remembered
    }

    /// What the data plane should carry for a configuration. Nothing changes here before `adopt`.
    func desired(by next: HubConfiguration, at now: WallTime) -> DesiredState {
        let known = knownPeers(at: now)
        let claims = Claims(next)
        return DesiredState(
            gateways: [
                DesiredGateway(
                    id: Self.gatewayID,
                    networkID: Self.networkID,
                    configuration: GatewayConfiguration(
                        privateKey: next.interface.privateKey,
                        addresses: next.interface.addresses,
                        mtu: next.interface.mtu,
                        localDelivery: localDelivery
                    ),
                    // A file without a port does not move the gateway: clients know where it is.
                    listen: ListenAddress(address: bindAddress, port: next.interface.listenPort)
                )
            ],
            peers: next.peers.enumerated().map { index, peer in
                DesiredPeer(
                    id: DesiredPeer.ID(peer.publicKey),
                    gatewayID: Self.gatewayID,
                    configuration: PeerConfiguration(
                        publicKey: peer.publicKey,
                        presharedKey: peer.presharedKey,
                        persistentKeepalive: peer.persistentKeepalive,
                        endpoint: peer.address
                    ),
                    lastHeard: known.heard(peer).map {
                        DesiredPeer.LastHeard(endpoint: $0.endpoint, time: $0.lastSeen)
                    },
                    prefixes: claims.prefixes(of: index, peer)
                )
            }
        )
    }

    /// The data plane carries what was desired by this configuration.
    ///
    /// - Parameter isReopened: the gateway listens since then, so that all peers were installed anew.
    mutating func adopt(_ next: HubConfiguration, reopenedOn port: UInt16?, at now: WallTime) {
        let isStart = configuration == nil
        let known = knownPeers(at: now)
        names.replace(with: next)
        var heard: [PublicKey: HeardPeer] = [:]
        for peer in next.peers where !known.isEmpty {
            heard[peer.publicKey] = known.heard(peer)
            // One that is carried goes where the file says now, and remains heard.
            if port == nil, heard[peer.publicKey] == nil, var last = known[peer.publicKey] {
                last.endpoint = peer.address ?? last.endpoint
                heard[peer.publicKey] = last
            }
        }
        self.heard = heard
        configuration = next
        remembered = []
        guard let port else { return }
        self.port = port
        // Most hubs have no names, and may have very many peers.
        for peer in next.peers where !names.isEmpty {
            if heard[peer.publicKey] == nil {
                names.forget(peer.publicKey)
            } else if isStart {
                names.keepWhereHeard(peer.publicKey)
            }
        }
    }
}

/// Which peer has a prefix that several are given: the last one in the file.
private struct Claims {
    private let configuration: HubConfiguration
    /// Nil where no prefix stands twice, as in most files.
    private var lastOwners: [IPPrefix: Int]?

    init(_ configuration: HubConfiguration) {
        self.configuration = configuration
        guard Set(configuration.prefixes).count < configuration.prefixes.count else { return }
        var owners: [IPPrefix: Int] = [:]
        for (index, peer) in configuration.peers.enumerated() {
            for prefix in configuration.allowedIPs(of: peer) { owners[prefix] = index }
        }
        lastOwners = owners
    }

    func prefixes(of index: Int, _ peer: HubConfiguration.Peer) -> [IPPrefix] {
        let own = configuration.allowedIPs(of: peer)
        guard let lastOwners else { return Array(own) }
        return own.filter { lastOwners[$0] == index }
    }
}

// Where peers are

/// Peers that were heard, and the endpoints that the file gave them at that time.
private struct KnownPeers {
    private var peers: [PublicKey: RememberedPeer] = [:]

    init(_ list: [RememberedPeer]) {
        for peer in list { peers[peer.publicKey] = peer }
    }

    var isEmpty: Bool { peers.isEmpty }

    subscript(key: PublicKey) -> HeardPeer? { peers[key]?.heard }

    /// Where it was heard is newer than what the file says, unless the file says otherwise now.
    func heard(_ peer: HubConfiguration.Peer) -> HeardPeer? {
        guard !peers.isEmpty, let known = peers[peer.publicKey],
            known.configured == peer.configuredEndpoint
        else { return nil }
        return known.heard
    }
}

extension HubState {
    /// A session lives at most this long without a packet from the peer (REJECT_AFTER_TIME, §6.2); a
    /// peer that was not heard for longer has none.
    private static let silenceSeconds: UInt64 = 180

    /// Takes over where the workers heard peers since the last report.
    mutating func hear(_ report: DataPlaneReport) {
        for peer in report.peers {
            guard let endpoint = peer.activity.endpoint, let seen = peer.activity.lastSeen else {
                continue
            }
            heard[peer.id.withBytes { PublicKey($0) }] =
                HeardPeer(endpoint: endpoint, lastSeen: seen)
        }
    }

    /// The peers that were heard within the time in which they are called, by their keys.
    func recentPeers(at now: WallTime) -> [RememberedPeer] {
        peers(heardSince: now.before(seconds: DataPlane.callWithinSeconds))
    }

    private func peers(heardSince since: WallTime) -> [RememberedPeer] {
        guard let configuration, !heard.isEmpty else { return [] }
        return configuration.peers.compactMap { peer in
            guard let heard = heard[peer.publicKey], heard.lastSeen >= since else { return nil }
            return RememberedPeer(
                publicKey: peer.publicKey,
                configured: peer.configuredEndpoint,
                heard: heard
            )
        }
    }

    private func knownPeers(at now: WallTime) -> KnownPeers {
        guard configuration == nil else {
            return KnownPeers(peers(heardSince: WallTime(nanoseconds: 0)))
        }
        // What an earlier process heard too long ago is ignored: the peer is where the file says.
        let since = now.before(seconds: DataPlane.callWithinSeconds)
        return KnownPeers(remembered.filter { $0.heard.lastSeen >= since })
    }

    /// Whether a peer that has a name was not heard for as long as a session lives.
    func hasSilentName(at now: WallTime) -> Bool {
        guard let configuration, !names.isEmpty else { return false }
        let since = now.before(seconds: Self.silenceSeconds)
        return configuration.peers.contains { peer in
            guard case .name = peer.endpoint else { return false }
            return heard[peer.publicKey].map { $0.lastSeen < since } ?? true
        }
    }

    /// The names that stand in the file.
    var endpointNames: [String] { names.all }

    /// Where the file has the name for the first time.
    func line(of name: String) -> Int? {
        guard let configuration, let index = names.peers(of: name).first else { return nil }
        return Int(configuration.peers[index].line)
    }

    /// A name was looked up: its peers go where it is, if that changed or they were not heard lately.
    mutating func locate(
        _ name: String,
        at found: Endpoint,
        now: WallTime
    ) -> [(id: DesiredPeer.ID, endpoint: Endpoint)] {
        guard let configuration else { return [] }
        let since = now.before(seconds: Self.silenceSeconds)
        var moved: [(id: DesiredPeer.ID, endpoint: Endpoint)] = []
        for index in names.peers(of: name) {
            let peer = configuration.peers[index]
            guard case .name(_, let port) = peer.endpoint else { continue }
            var endpoint = found
            endpoint.port = port
            let isNew = names.place(peer.publicKey, at: endpoint)
            let isLost = heard[peer.publicKey].map { $0.lastSeen < since } ?? false
            guard isNew || isLost, heard[peer.publicKey]?.endpoint != endpoint else { continue }
            heard[peer.publicKey]?.endpoint = endpoint
            moved.append((DesiredPeer.ID(peer.publicKey), endpoint))
        }
        return moved
    }
}

extension HubConfiguration.Peer {
    /// Where the file says that the peer is; nil for a name, which is looked up later.
    fileprivate var address: Endpoint? {
        guard case .address(let endpoint) = endpoint else { return nil }
        return endpoint
    }
}
