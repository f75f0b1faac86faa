import DataPlane
import NetAddress
import WireGuardCrypto
import WireGuardEngine

/// What the hub carries, and how to get from there to what the config file says: a pure function of
/// one configuration after the other, of what was heard meanwhile and of where names are.
struct HubState {
    enum Plan {
        case nothing
        case change([DataPlaneChange], Summary)
        /// Key or port changed: a new gateway replaces the present one, if any. The peers of the old one
        /// go with it and are installed again by `filling`; handshakes are started with those in
        /// `calling`, which do not know that their sessions are gone.
        case reopen(
            closing: GatewayHandle?,
            Opening,
            filling: [DataPlaneChange],
            calling: [PeerHandle]
        )
    }

    struct Opening {
        let gateway: GatewayHandle
        let configuration: GatewayConfiguration
        /// Zero takes any free port.
        let port: UInt16
    }

    struct Summary: Equatable {
        var added = 0
        var removed = 0
        var changed = 0
        var isInterfaceChanged = false
    }

    private(set) var gateway: GatewayHandle?
    /// The port that is listened on; zero before the first gateway is open.
    private(set) var port: UInt16 = 0
    private var configuration: HubConfiguration?
    /// Of the configuration's peers, in their order.
    private var handles: [PeerHandle] = []
    private var gatewayHandles = HandleAllocator()
    private var peerHandles = HandleAllocator()
    private var heard: [PeerHandle: HeardPeer] = [:]
    private var names = EndpointNames()
    /// From the file of remembered peers, until the first configuration is applied.
    private var remembered: [RememberedPeer]

    init(remembering remembered: [RememberedPeer] = []) {
        self.remembered = remembered
    }

    /// Adopts a configuration, and returns what to do to the data plane.
    mutating func apply(_ next: HubConfiguration, at now: WallTime) -> Plan {
        guard let gateway, let current = configuration, canStayOpen(current, next) else {
            return reopen(next, at: now)
        }
        var changes = PeerChanges(on: gateway, allocator: peerHandles)
        if current.interface.mtu != next.interface.mtu
            || current.interface.addresses != next.interface.addresses
        {
            changes.reconfigure(next.interface)
        }
        changes.compare(current, handles, with: next)
        if current.interface.addresses != next.interface.addresses
            || !Self.haveSameRoutes(current, handles, next, changes.handles)
        {
            changes.list.append(publication(of: next, changes.handles, on: gateway))
        }
        adopt(next, changes)
        return changes.list.isEmpty ? .nothing : .change(changes.list, changes.summary)
    }

    /// The gateway of the last plan is open on this port.
    mutating func opened(on port: UInt16) {
        self.port = port
    }

    /// A file without a port does not move the gateway: clients know where it is.
    private func canStayOpen(_ current: HubConfiguration, _ next: HubConfiguration) -> Bool {
        current.interface.privateKey == next.interface.privateKey
            && [0, port].contains(next.interface.listenPort)
    }

    private mutating func reopen(_ next: HubConfiguration, at now: WallTime) -> Plan {
        let isStart = configuration == nil
        let since = now.before(seconds: DataPlane.callWithinSeconds)
        // What an earlier process heard too long ago is ignored: the peer is where the file says.
        let known = knownPeers().filter { !isStart || $0.value.heard.lastSeen >= since }
        let (slot, generation) = gatewayHandles.allocate()
        let opening = GatewayHandle(slot: slot, generation: generation)
        for handle in handles.reversed() { peerHandles.release(slot: handle.slot) }
        var changes = PeerChanges(on: opening, allocator: peerHandles)
        heard.removeAll()
        // Where none is known, the lookup for each of very many peers is skipped.
        let isAnyKnown = !known.isEmpty
        for peer in next.peers {
            // Where it was heard is newer than what the file says, unless the file says otherwise now.
            let last = (isAnyKnown ? known[peer.publicKey] : nil).flatMap {
                $0.configured == peer.configuredEndpoint ? $0.heard : nil
            }
            let handle = changes.add(peer, at: last?.endpoint)
            if let last { heard[handle] = last }
        }
        changes.list.append(publication(of: next, changes.handles, on: opening))

        let closing = gateway
        if let closing { gatewayHandles.release(slot: closing.slot) }
        gateway = opening
        adopt(next, changes)
        // Most hubs have no names, and may have very many peers.
        for (peer, handle) in zip(next.peers, handles) where !names.isEmpty {
            if heard[handle] == nil {
                names.forget(peer.publicKey)
            } else if isStart {
                names.keepWhereHeard(peer.publicKey)
            }
        }
        let port = next.interface.listenPort == 0 ? port : next.interface.listenPort
        return .reopen(
            closing: closing,
            Opening(gateway: opening, next.interface, port: port),
            filling: changes.list,
            calling: isAnyKnown
                ? handles.filter { heard[$0].map { $0.lastSeen >= since } == true } : []
        )
    }

    private mutating func adopt(_ next: HubConfiguration, _ changes: PeerChanges) {
        names.replace(with: next)
        for handle in changes.removed { heard[handle] = nil }
        for (handle, endpoint) in changes.relocated { heard[handle]?.endpoint = endpoint }
        configuration = next
        handles = changes.handles
        peerHandles = changes.allocator
    }

    /// All routes. Of two peers with one prefix the later one gets it, and the hub's own addresses
    /// are its own whatever a peer claims.
    private func publication(
        of configuration: HubConfiguration,
        _ handles: [PeerHandle],
        on gateway: GatewayHandle
    ) -> DataPlaneChange {
        var routes: [(prefix: IPPrefix, destination: Destination)] = []
        routes.reserveCapacity(configuration.prefixes.count + 2)
        for (peer, handle) in zip(configuration.peers, handles) {
            for prefix in configuration.allowedIPs(of: peer) {
                routes.append((prefix, .peer(handle)))
            }
        }
        for address in configuration.interface.addresses {
            routes.append((IPPrefix(address.address), .gateway(gateway)))
        }
        return .publish(ForwardingTable(routes: routes), to: [gateway])
    }

    private static func haveSameRoutes(
        _ old: HubConfiguration,
        _ oldHandles: [PeerHandle],
        _ new: HubConfiguration,
        _ newHandles: [PeerHandle]
    ) -> Bool {
        oldHandles == newHandles && old.prefixes == new.prefixes
            && zip(old.peers, new.peers).allSatisfy { $0.prefixCount == $1.prefixCount }
    }
}

// Where peers are

extension HubState {
    /// A session lives at most this long without a packet from the peer (REJECT_AFTER_TIME, §6.2); a
    /// peer that was not heard for longer has none.
    private static let silenceSeconds: UInt64 = 180

    /// Takes over where the workers heard peers since the last reports.
    mutating func hear(_ reports: [ActivityReport]) {
        for report in reports {
            guard let endpoint = report.endpoint, let seen = report.lastSeen else { continue }
            heard[report.peer] = HeardPeer(endpoint: endpoint, lastSeen: seen)
        }
    }

    /// The peers that were heard within the time in which they are called, by their keys.
    func recentPeers(at now: WallTime) -> [RememberedPeer] {
        peers(heardSince: now.before(seconds: DataPlane.callWithinSeconds))
    }

    private func peers(heardSince since: WallTime) -> [RememberedPeer] {
        guard let configuration, !heard.isEmpty else { return [] }
        return zip(configuration.peers, handles).compactMap { peer, handle in
            guard let heard = heard[handle], heard.lastSeen >= since else { return nil }
            return RememberedPeer(
                publicKey: peer.publicKey,
                configured: peer.configuredEndpoint,
                heard: heard
            )
        }
    }

    private mutating func knownPeers() -> [PublicKey: RememberedPeer] {
        let peers = configuration == nil ? remembered : peers(heardSince: WallTime(nanoseconds: 0))
        remembered = []
        return Dictionary(peers.map { ($0.publicKey, $0) }) { $1 }
    }

    /// The names that stand in the file.
    var endpointNames: [String] { names.all }

    /// Where the file has the name for the first time.
    func line(of name: String) -> Int? {
        guard let configuration, let index = names.peers(of: name).first else { return nil }
        return Int(configuration.peers[index].line)
    }

    /// A name was looked up: its peers go where it is, if that changed or they were not heard lately.
    mutating func locate(_ name: String, at found: Endpoint, now: WallTime) -> [DataPlaneChange] {
        guard let configuration else { return [] }
        let since = now.before(seconds: Self.silenceSeconds)
        var changes: [DataPlaneChange] = []
        for index in names.peers(of: name) {
            guard case .name(_, let port) = configuration.peers[index].endpoint else { continue }
            let handle = handles[index]
            var endpoint = found
            endpoint.port = port
            let isNew = names.place(configuration.peers[index].publicKey, at: endpoint)
            let isLost = heard[handle].map { $0.lastSeen < since } ?? false
            guard isNew || isLost, heard[handle]?.endpoint != endpoint else { continue }
            heard[handle]?.endpoint = endpoint
            changes.append(.relocatePeer(handle, endpoint))
        }
        return changes
    }
}

extension HubState.Opening {
    fileprivate init(gateway: GatewayHandle, _ interface: HubConfiguration.Interface, port: UInt16)
    {
        self.init(
            gateway: gateway,
            configuration: GatewayConfiguration(
                privateKey: interface.privateKey,
                addresses: interface.addresses,
                mtu: interface.mtu
            ),
            port: port
        )
    }
}

extension WallTime {
    fileprivate func before(seconds: UInt64) -> WallTime {
        let length = seconds * 1_000_000_000
        return WallTime(nanoseconds: nanoseconds > length ? nanoseconds - length : 0)
    }
}
