import DataPlane
import NetAddress
import WireGuardCrypto
import WireGuardEngine

/// The changes that lead from the peers of one configuration to those of the next. Removals come
/// first, so that their slots are free for new peers.
struct PeerChanges {
    let gateway: GatewayHandle
    var list: [DataPlaneChange] = []
    var summary = HubState.Summary()
    /// Of the next configuration's peers, in their order.
    private(set) var handles: [PeerHandle] = []
    private(set) var removed: [PeerHandle] = []
    private(set) var relocated: [(peer: PeerHandle, endpoint: Endpoint)] = []
    private(set) var allocator: HandleAllocator

    init(on gateway: GatewayHandle, allocator: HandleAllocator) {
        self.gateway = gateway
        self.allocator = allocator
    }

    mutating func reconfigure(_ interface: HubConfiguration.Interface) {
        list.append(
            .reconfigureGateway(gateway, addresses: interface.addresses, mtu: interface.mtu)
        )
        summary.isInterfaceChanged = true
    }

    mutating func compare(
        _ old: HubConfiguration,
        _ oldHandles: [PeerHandle],
        with new: HubConfiguration
    ) {
        var indices: [PublicKey: Int] = Dictionary(minimumCapacity: old.peers.count)
        for (index, peer) in old.peers.enumerated() { indices[peer.publicKey] = index }
        var isDeparting = [Bool](repeating: true, count: old.peers.count)
        for peer in new.peers {
            if let index = indices[peer.publicKey] { isDeparting[index] = false }
        }
        for (handle, isDeparting) in zip(oldHandles, isDeparting) where isDeparting {
            remove(handle)
        }
        for peer in new.peers {
            if let index = indices[peer.publicKey] {
                keep(oldHandles[index], old, old.peers[index], new, peer)
            } else {
                add(peer)
            }
        }
    }

    /// - Parameter endpoint: where the peer was heard, if it was; it is newer than the file's.
    @discardableResult
    mutating func add(_ peer: HubConfiguration.Peer, at endpoint: Endpoint? = nil) -> PeerHandle {
        let (slot, generation) = allocator.allocate()
        let handle = PeerHandle(slot: slot, generation: generation)
        handles.append(handle)
        list.append(install(peer, as: handle, endpoint: endpoint ?? peer.address))
        summary.added += 1
        return handle
    }

    private mutating func remove(_ handle: PeerHandle) {
        list.append(.removePeer(handle))
        removed.append(handle)
        allocator.release(slot: handle.slot)
        summary.removed += 1
    }

    private mutating func keep(
        _ handle: PeerHandle,
        _ oldConfiguration: HubConfiguration,
        _ old: HubConfiguration.Peer,
        _ newConfiguration: HubConfiguration,
        _ new: HubConfiguration.Peer
    ) {
        handles.append(handle)
        let count = list.count
        if old.presharedKey != new.presharedKey
            || old.persistentKeepalive != new.persistentKeepalive
        {
            list.append(install(new, as: handle, endpoint: nil))
        }
        // An endpoint that the file no longer names stays where the peer was heard.
        if old.endpoint != new.endpoint, let endpoint = new.address {
            list.append(.relocatePeer(handle, endpoint))
            relocated.append((handle, endpoint))
        }
        let hasOtherRoutes =
            oldConfiguration.allowedIPs(of: old) != newConfiguration.allowedIPs(of: new)
        if hasOtherRoutes || list.count > count { summary.changed += 1 }
    }

    private func install(
        _ peer: HubConfiguration.Peer,
        as handle: PeerHandle,
        endpoint: Endpoint?
    ) -> DataPlaneChange {
        .installPeer(
            handle,
            on: gateway,
            PeerConfiguration(
                publicKey: peer.publicKey,
                presharedKey: peer.presharedKey,
                persistentKeepalive: peer.persistentKeepalive,
                endpoint: endpoint
            )
        )
    }
}

extension HubConfiguration.Peer {
    /// Where the file says that the peer is; nil for a name, which is looked up later.
    fileprivate var address: Endpoint? {
        guard case .address(let endpoint) = endpoint else { return nil }
        return endpoint
    }
}
