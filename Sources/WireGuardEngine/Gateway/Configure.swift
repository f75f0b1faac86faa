/// Changes of what the engine carries. Handles are chosen by the caller, so that tables and peers
/// can be made apart from each other and agree.
extension Engine {
    /// The slot must be free.
    public mutating func installGateway(
        _ handle: GatewayHandle,
        _ configuration: GatewayConfiguration
    ) {
        let slot = Int(handle.slot)
        while gateways.count <= slot { gateways.append(nil) }
        precondition(gateways[slot] == nil, "the slot of another gateway")
        let gateway = GatewayPointer.allocate(capacity: 1)
        gateway.initialize(to: GatewayRecord(handle: handle, configuration: configuration))
        gateways[slot] = gateway
    }

    /// Its peers go with it.
    public mutating func removeGateway(_ handle: GatewayHandle) {
        guard let gateway = find(handle) else { return }
        var orphans: [PeerHandle] = []
        peers.forEach { peer in
            if peer.pointee.gateway == gateway { orphans.append(peer.pointee.handle) }
        }
        for orphan in orphans { removePeer(orphan) }
        gateways[Int(handle.slot)] = nil
        // Behind its sessions, which `removePeer` retired.
        retired.append {
            gateway.deinitialize(count: 1)
            gateway.deallocate()
        }
    }

    /// Adds a peer, or changes one that is there. A changed preshared key counts from the next
    /// handshake on; the endpoint of a peer that was heard stays where it was heard.
    public mutating func installPeer(
        _ handle: PeerHandle,
        on gatewayHandle: GatewayHandle,
        _ configuration: PeerConfiguration,
        at moment: Moment
    ) {
        guard let gateway = find(gatewayHandle) else { return }
        if let peer = peers.find(handle), peer.pointee.publicKey != configuration.publicKey {
            removePeer(handle)
        }
        let peer = peers.find(handle) ?? insert(handle, on: gateway, configuration)
        peer.pointee.presharedKey = configuration.presharedKey
        peer.pointee.persistentKeepalive = .seconds(UInt64(configuration.persistentKeepalive))
        if peer.pointee.path == nil, let endpoint = configuration.endpoint {
            peer.pointee.path = Path(remote: endpoint)
        }
        if configuration.persistentKeepalive > 0, peer.pointee.path != nil {
            timers.schedule(peer, at: moment.now)
        }
    }

    public mutating func removePeer(_ handle: PeerHandle) {
        guard let peer = peers.find(handle) else { return }
        dropStaged(of: peer)
        eraseKeys(of: peer)
        abandonHandshake(of: peer)
        rest(peer)
        if peer.pointee.gateway.pointee.peersByKey[peer.pointee.publicKey] == handle {
            peer.pointee.gateway.pointee.peersByKey[peer.pointee.publicKey] = nil
        }
        peers.remove(peer)
    }

    /// The same table for all gateways of one network.
    public mutating func publish(_ table: ForwardingTable, to handles: [GatewayHandle]) {
        for handle in handles { find(handle)?.pointee.table = table }
    }

    /// Starts a handshake without waiting for traffic: after a restart, a peer whose endpoint is
    /// known need not find out by itself that its session is gone.
    public mutating func initiateHandshake(
        with handle: PeerHandle,
        at moment: Moment,
        into outgoing: inout OutgoingBatch
    ) {
        guard let peer = peers.find(handle) else { return }
        requestSession(with: peer, at: moment, into: &outgoing)
    }

    private mutating func insert(
        _ handle: PeerHandle,
        on gateway: GatewayPointer,
        _ configuration: PeerConfiguration
    ) -> PeerPointer {
        gateway.pointee.peersByKey[configuration.publicKey] = handle
        return peers.insert(
            PeerRecord(
                handle: handle,
                gateway: gateway,
                publicKey: configuration.publicKey
            )
        )
    }
}
