public import NetAddress
import Synchronization

/// Changes of what the engine carries. Handles are chosen by the caller, so that tables and peers
/// can be made apart from each other and agree.
extension Engine {
    /// The slot must be free.
    public mutating func installGateway(
        _ handle: GatewayHandle,
        _ configuration: GatewayConfiguration
    ) {
        let gateway = GatewayPointer.allocate(capacity: 1)
        gateway.initialize(
            to: GatewayRecord(
                handle: handle,
                owner: number,
                peers: peers,
                configuration: configuration
            )
        )
        insert(gateway)
    }

    /// Gives the gateway other addresses and another MTU. Its sessions go on.
    public mutating func reconfigureGateway(
        _ handle: GatewayHandle,
        addresses: [InterfaceAddress],
        mtu: Int
    ) {
        guard let gateway = find(handle), isOwner(of: gateway) else { return }
        gateway.pointee.change(addresses: addresses, mtu: mtu)
    }

    /// Removes its peers, too. All other workers have stopped carrying it before.
    public mutating func removeGateway(_ handle: GatewayHandle) {
        guard let gateway = find(handle), isOwner(of: gateway) else { return }
        var orphans: [PeerHandle] = []
        peers.forEach { peer in
            if peer.gateway == gateway { orphans.append(peer.handle) }
        }
        for orphan in orphans { removePeer(orphan) }
        ranges.set(nil, of: handle)
        remove(handle)
        // After its sessions, which `removePeer` retired: memory is freed in this order.
        retire {
            gateway.deinitialize(count: 1)
            gateway.deallocate()
        }
    }

    /// Adds a peer, or changes one that is there. Changed limits count from the next run of packets on, a changed preshared key counts from the next
    /// handshake on; the endpoint of a peer that was heard stays where it was heard.
    ///
    /// - Parameter account: what it is charged to; nil for a new one with its first packet. A peer that is there keeps
    ///   the one that it has.
    public mutating func installPeer(
        _ handle: PeerHandle,
        on gatewayHandle: GatewayHandle,
        _ configuration: PeerConfiguration,
        charging account: PeerAccount? = nil,
        at moment: Moment
    ) {
        guard let gateway = find(gatewayHandle), isOwner(of: gateway) else { return }
        if let peer = peers.find(handle), peer.pointee.publicKey != configuration.publicKey {
            removePeer(handle)
        }
        let peer = peers.find(handle) ?? insert(handle, on: gateway, configuration, account)
        peer.pointee.presharedKey = configuration.presharedKey
        peer.pointee.persistentKeepalive = .seconds(UInt64(configuration.persistentKeepalive))
        setLimits(configuration.limits, of: peer)
        let isReachable = peer.pointee.activity.withLock { activity in
            activity.addressPair =
                activity.addressPair ?? configuration.endpoint.map { AddressPair(remote: $0) }
            activity.setProbe(configuration.probe, from: moment.now)
            return activity.addressPair != nil
        }
        if configuration.persistentKeepalive > 0 && isReachable || configuration.probe != nil {
            timers.schedule(peer, at: moment.now)
        }
    }

    private mutating func setLimits(_ limits: PeerLimits?, of peer: PeerPointer) {
        guard limits != nil || peer.account != nil else { return }
        let account = peer.account ?? makeAccount(of: peer)
        account._withUnsafeGuaranteedRef { $0.limit(to: limits) }
    }

    public mutating func removePeer(_ handle: PeerHandle) {
        guard let peer = peers.find(handle) else { return }
        dropStaged(of: peer)
        eraseKeys(of: peer)
        abandonHandshake(of: peer)
        deactivate(peer)
        // The key may belong to another peer by now, one that was installed later.
        if peer.gateway.pointee.peersByKey.find(peer.pointee.publicKey) == peer {
            peer.gateway.pointee.peersByKey.remove(peer.pointee.publicKey)
        }
        peers.remove(peer)
        // After its sessions.
        retire {
            peer.deinitialize(count: 1)
            peer.deallocate()
        }
    }

    /// The same view for all gateways of one network.
    public mutating func publish(_ view: NetworkView, to handles: [GatewayHandle]) {
        for handle in handles {
            guard let gateway = find(handle) else { continue }
            gateway.pointee.view.publish(view)
            ranges.set(view.egress(of: handle)?.addresses?.outside, of: handle)
        }
    }

    /// Starts a handshake without waiting for traffic: after a restart, a peer whose endpoint is
    /// known need not find out by itself that its session is gone.
    public mutating func initiateHandshake(
        with handle: PeerHandle,
        in turn: inout Turn
    ) {
        guard let peer = peers.find(handle) else { return }
        requestSession(with: peer, in: &turn)
    }

    private mutating func insert(
        _ handle: PeerHandle,
        on gateway: GatewayPointer,
        _ configuration: PeerConfiguration,
        _ account: PeerAccount?
    ) -> PeerPointer {
        let peer = peers.insert(
            PeerRecord(
                handle: handle,
                gateway: gateway,
                publicKey: configuration.publicKey
            )
        )
        if let account { peer.pointee.adopt(account) }
        gateway.pointee.peersByKey.insert(peer)
        return peer
    }
}
