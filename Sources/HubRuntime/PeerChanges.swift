import DataPlane
import NetAddress
import WireGuardCrypto
import WireGuardEngine

/// What the peers of the next configuration mean for those that are carried. Removals come first,
/// so that their slots are free for the new ones.
struct PeerChanges {
    let gateway: GatewayHandle
    var list: [DataPlaneChange] = []
    var summary = HubState.Summary()
    /// Of the next configuration's peers, in their order.
    private(set) var handles: [PeerHandle] = []
    private(set) var allocator: HandleAllocator

    init(on gateway: GatewayHandle, allocator: HandleAllocator) {
        self.gateway = gateway
        self.allocator = allocator
    }

    mutating func compare(
        _ old: HubConfiguration,
        _ oldHandles: [PeerHandle],
        with new: HubConfiguration,
        _ lookup: HubState.Lookup
    ) throws(HubState.Failure) {
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
                try keep(oldHandles[index], old, old.peers[index], new, peer, lookup)
            } else {
                try add(peer, lookup)
            }
        }
    }

    mutating func add(
        _ peer: HubConfiguration.Peer,
        _ lookup: HubState.Lookup
    ) throws(HubState.Failure) {
        let (slot, generation) = allocator.allocate()
        let handle = PeerHandle(slot: slot, generation: generation)
        handles.append(handle)
        list.append(install(peer, as: handle, endpoint: try find(peer, lookup)))
        summary.added += 1
    }

    private mutating func remove(_ handle: PeerHandle) {
        list.append(.removePeer(handle))
        allocator.release(slot: handle.slot)
        summary.removed += 1
    }

    private mutating func keep(
        _ handle: PeerHandle,
        _ oldConfiguration: HubConfiguration,
        _ old: HubConfiguration.Peer,
        _ newConfiguration: HubConfiguration,
        _ new: HubConfiguration.Peer,
        _ lookup: HubState.Lookup
    ) throws(HubState.Failure) {
        handles.append(handle)
        let count = list.count
        if old.presharedKey != new.presharedKey
            || old.persistentKeepalive != new.persistentKeepalive
        {
            list.append(install(new, as: handle, endpoint: nil))
        }
        // An endpoint that the file no longer names stays where the peer was heard.
        if old.endpoint != new.endpoint, let endpoint = try find(new, lookup) {
            list.append(.relocatePeer(handle, endpoint))
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

    private func find(
        _ peer: HubConfiguration.Peer,
        _ lookup: HubState.Lookup
    ) throws(HubState.Failure) -> Endpoint? {
        switch peer.endpoint {
        case nil:
            return nil
        case .address(let endpoint):
            return endpoint
        case .name(let name, let port):
            do throws(NameLookupError) {
                return try lookup(name, port)
            } catch {
                throw HubState.Failure(
                    line: Int(peer.line),
                    reason: "Endpoint: '\(error.name)' cannot be found: \(error.reason)"
                )
            }
        }
    }
}
