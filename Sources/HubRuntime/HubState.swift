import DataPlane
import NetAddress
import WireGuardEngine

/// What the hub carries, and how to get from there to what the config file says: a pure function of
/// one configuration after the other. A configuration that cannot be realised leaves it unchanged.
struct HubState {
    enum Plan {
        case nothing
        case change([DataPlaneChange], Summary)
        /// The interface itself changed: another gateway takes the place of the present one, if
        /// there is one. Its peers are gone with it and come with `filling`.
        case reopen(closing: GatewayHandle?, Opening, filling: [DataPlaneChange])
    }

    struct Opening {
        let gateway: GatewayHandle
        let configuration: GatewayConfiguration
        let port: UInt16
    }

    struct Summary: Equatable {
        var added = 0
        var removed = 0
        var changed = 0
    }

    /// Finds the endpoint of a name.
    typealias Lookup = (_ name: String, _ port: UInt16) throws(NameLookupError) -> Endpoint

    /// Why a configuration cannot be realised, and the line of the peer that it is about.
    struct Failure: Error, Equatable {
        let line: Int
        let reason: String
    }

    private(set) var gateway: GatewayHandle?
    private var configuration: HubConfiguration?
    /// Of the configuration's peers, in their order.
    private var handles: [PeerHandle] = []
    private var gatewayHandles = HandleAllocator()
    private var peerHandles = HandleAllocator()

    /// Takes a configuration in, and says what to do.
    mutating func take(
        _ next: HubConfiguration,
        lookup: Lookup
    ) throws(Failure) -> Plan {
        guard let gateway, let current = configuration, current.interface == next.interface else {
            return try reopen(next, lookup)
        }
        var changes = PeerChanges(on: gateway, allocator: peerHandles)
        try changes.compare(current, handles, with: next, lookup)
        if !Self.haveSameRoutes(current, handles, next, changes.handles) {
            changes.list.append(publication(of: next, changes.handles, on: gateway))
        }
        settle(next, changes)
        return changes.list.isEmpty ? .nothing : .change(changes.list, changes.summary)
    }

    private mutating func reopen(
        _ next: HubConfiguration,
        _ lookup: Lookup
    ) throws(Failure) -> Plan {
        var gatewayHandles = gatewayHandles
        let (slot, generation) = gatewayHandles.allocate()
        let opening = GatewayHandle(slot: slot, generation: generation)
        var peerHandles = peerHandles
        for handle in handles.reversed() { peerHandles.release(slot: handle.slot) }
        var changes = PeerChanges(on: opening, allocator: peerHandles)
        for peer in next.peers { try changes.add(peer, lookup) }
        changes.list.append(publication(of: next, changes.handles, on: opening))

        let closing = gateway
        if let closing { gatewayHandles.release(slot: closing.slot) }
        gateway = opening
        self.gatewayHandles = gatewayHandles
        settle(next, changes)
        return .reopen(
            closing: closing,
            Opening(gateway: opening, next.interface),
            filling: changes.list
        )
    }

    private mutating func settle(_ next: HubConfiguration, _ changes: PeerChanges) {
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

extension HubState.Opening {
    fileprivate init(gateway: GatewayHandle, _ interface: HubConfiguration.Interface) {
        self.init(
            gateway: gateway,
            configuration: GatewayConfiguration(
                privateKey: interface.privateKey,
                addresses: interface.addresses,
                mtu: interface.mtu
            ),
            port: interface.listenPort
        )
    }
}
