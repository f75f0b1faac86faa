import WireGuardEngine

/// What is to be done for changes of the desired state, and for gateways that open and close.
extension CarriedState {
    /// Adopts changes. Gateways that are replaced were detached before, and are opened afterwards.
    mutating func adopt(_ changes: [DesiredChange]) -> Plan {
        var plan = Plan()
        var edits = Edits()
        for change in changes {
            switch change {
            case .gateway(let desired): put(desired, &edits, &plan)
            case .noGateway(let id): remove(id, &edits, &plan)
            case .peer(let desired): put(desired, &edits, &plan)
            case .noPeer(let id): remove(id, &edits, &plan)
            case .link(let desired): put(desired, &edits)
            case .noLink(let id): remove(id, &edits)
            }
        }
        plan.steps = compile(edits) + plan.steps
        return plan
    }

    /// The gateway's sockets are open: its peers and routes follow.
    ///
    /// - Parameter since: peers that were heard at or after it are to be called.
    mutating func attach(
        _ id: DesiredGateway.ID,
        _ listening: CarriedGateway.Listening,
        heardSince since: WallTime
    ) -> Plan {
        var plan = Plan()
        var edits = Edits()
        guard var gateway = gateways[id] else { return plan }
        gateway.listening = listening
        gateway.lastPort = listening.port
        gateways[id] = gateway
        unopened.remove(id)
        openGateways[listening.handle] = id
        let networkID = gateway.desired.networkID
        claimAddresses(of: gateway.desired, listening.handle)
        edits.republish(networkID)
        for slot in (peersOfGateway[id] ?? []).sorted() {
            guard let peer = peers[Int(slot)] else { continue }
            install(peer, on: listening.handle, in: networkID, &edits)
            guard let lastHeard = peer.desired.lastHeard else { continue }
            if lastHeard.time.map({ $0 >= since }) ?? true {
                plan.recentPeers.append(peer.desired.id)
            }
        }
        plan.steps = compile(edits)
        return plan
    }

    /// Closes the gateway; its peers wait until it is attached again.
    mutating func detach(_ id: DesiredGateway.ID) -> Plan {
        var plan = Plan()
        var edits = Edits()
        detach(id, &edits, &plan)
        plan.steps = compile(edits) + plan.steps
        return plan
    }

    /// The steps of a plan are done.
    mutating func release(_ plan: Plan) {
        accounts.left(plan.formerPeers)
        for slot in plan.freedGateways { gatewayHandles.release(slot: slot) }
        for slot in plan.freedPeers { peerHandles.release(slot: slot) }
    }

    /// A handle that came to nothing.
    mutating func release(_ handle: GatewayHandle) { gatewayHandles.release(slot: handle.slot) }

    private mutating func put(_ desired: DesiredGateway, _ edits: inout Edits, _ plan: inout Plan) {
        let networkID = desired.networkID
        guard let present = gateways[desired.id] else {
            plan.differences.gatewaysAdded += 1
            gateways[desired.id] = CarriedGateway(
                desired: desired,
                arrival: nextArrival,
                account: makeAccount(for: desired)
            )
            limit(desired)
            nextArrival += 1
            unopened.insert(desired.id)
            join(desired.id, networkID)
            return
        }
        gateways[desired.id]?.desired = desired
        if present.desired.networkID != networkID {
            leave(desired.id, present.desired.networkID)
            join(desired.id, networkID)
        }
        if present.desired.organization?.id != desired.organization?.id {
            let account = makeAccount(for: desired)
            gateways[desired.id]?.account = account
            if let former = present.desired.organization { leave(former.id) }
        }
        // The open gateway's packets see it at once, and its next opening as well.
        limit(desired)
        guard let listening = present.listening else { return }
        let changes = present.changes(to: desired)
        let hasOtherEgress = present.desired.egress != desired.egress
        guard !changes.isEmpty || hasOtherEgress else { return }
        plan.differences.gatewaysChanged += 1
        edits.add(changes, in: networkID)
        renounceAddresses(of: present.desired, listening.handle)
        claimAddresses(of: desired, listening.handle)
    }

    private mutating func remove(
        _ id: DesiredGateway.ID,
        _ edits: inout Edits,
        _ plan: inout Plan
    ) {
        detach(id, &edits, &plan)
        for slot in peersOfGateway.removeValue(forKey: id) ?? [] {
            guard let peer = peers[Int(slot)] else { continue }
            plan.differences.peersRemoved += 1
            forget(peer, &plan)
        }
        guard let gateway = gateways.removeValue(forKey: id) else { return }
        plan.differences.gatewaysRemoved += 1
        unopened.remove(id)
        leave(id, gateway.desired.networkID)
        if let organization = gateway.desired.organization { leave(organization.id) }
    }

    private mutating func detach(
        _ id: DesiredGateway.ID,
        _ edits: inout Edits,
        _ plan: inout Plan
    ) {
        guard let gateway = gateways[id], let listening = gateway.listening,
            let placement = networks[gateway.desired.networkID]?.placement
        else { return }
        let networkID = gateway.desired.networkID
        // The engine removes the peers with their gateway.
        renounceAddresses(of: gateway.desired, listening.handle)
        for slot in peersOfGateway[id] ?? [] {
            guard let peer = peers[Int(slot)] else { continue }
            renounce(peer, in: networkID)
            let handle = renewed(peer, &plan)
            peers[Int(slot)]?.handle = handle
        }
        gateways[id]?.listening = nil
        unopened.insert(id)
        openGateways[listening.handle] = nil
        edits.touch(networkID)
        plan.freedGateways.append(listening.handle.slot)
        plan.steps.append(.close(listening.handle, placement: placement))
    }

    private mutating func put(_ desired: DesiredPeer, _ edits: inout Edits, _ plan: inout Plan) {
        guard let slot = slots[desired.id], let present = peers[Int(slot)] else {
            plan.differences.peersAdded += 1
            return add(desired, &edits)
        }
        guard !present.desired.isSame(as: desired) else {
            peers[Int(slot)]?.desired = desired
            return
        }
        plan.differences.peersChanged += 1
        guard present.desired.gatewayID == desired.gatewayID else {
            take(present, &edits, &plan)
            return add(desired, &edits)
        }
        peers[Int(slot)]?.desired = desired
        guard let (gateway, networkID) = openGateway(desired.gatewayID) else { return }
        if present.desired.configuration.publicKey != desired.configuration.publicKey {
            // Another installation, whose counters begin at zero, but for those of its account.
            edits.remove(present.handle, in: networkID)
            renounce(present, in: networkID)
            let next = CarriedPeer(desired: desired, handle: renewed(present, &plan))
            peers[Int(slot)] = next
            install(next, on: gateway, in: networkID, &edits)
        } else {
            edits.add(present.changes(to: desired, on: gateway), in: networkID)
            guard present.desired.prefixes != desired.prefixes else { return }
            edits.touch(networkID)
            renounce(present, in: networkID)
            claim(CarriedPeer(desired: desired, handle: present.handle), in: networkID)
        }
    }

    private mutating func add(_ desired: DesiredPeer, _ edits: inout Edits) {
        let (slot, generation) = peerHandles.allocate()
        let peer = CarriedPeer(
            desired: desired,
            handle: PeerHandle(slot: slot, generation: generation)
        )
        while peers.count <= slot { peers.append(nil) }
        peers[Int(slot)] = peer
        slots[desired.id] = slot
        peersOfGateway[desired.gatewayID, default: []].insert(slot)
        guard let (gateway, networkID) = openGateway(desired.gatewayID) else { return }
        install(peer, on: gateway, in: networkID, &edits)
    }

    private mutating func remove(_ id: DesiredPeer.ID, _ edits: inout Edits, _ plan: inout Plan) {
        guard let peer = carried(id) else { return }
        plan.differences.peersRemoved += 1
        take(peer, &edits, &plan)
    }

    /// Takes the peer out of its gateway and forgets it.
    private mutating func take(_ peer: CarriedPeer, _ edits: inout Edits, _ plan: inout Plan) {
        let gatewayID = peer.desired.gatewayID
        if let (_, networkID) = openGateway(gatewayID) {
            edits.remove(peer.handle, in: networkID)
            renounce(peer, in: networkID)
        }
        peersOfGateway[gatewayID]?.remove(peer.handle.slot)
        if peersOfGateway[gatewayID]?.isEmpty == true { peersOfGateway[gatewayID] = nil }
        forget(peer, &plan)
    }

    private mutating func forget(_ peer: CarriedPeer, _ plan: inout Plan) {
        peers[Int(peer.handle.slot)] = nil
        slots[peer.desired.id] = nil
        plan.formerPeers.append(Accounts.FormerPeer(peer))
        plan.freedPeers.append(peer.handle.slot)
    }

    private mutating func install(
        _ peer: CarriedPeer,
        on gateway: GatewayHandle,
        in networkID: DesiredNetwork.ID,
        _ edits: inout Edits
    ) {
        edits.add(
            [peer.installation(on: gateway, charging: accounts.account(of: peer.handle))],
            in: networkID
        )
        claim(peer, in: networkID)
    }

    private func openGateway(
        _ id: DesiredGateway.ID
    ) -> (handle: GatewayHandle, networkID: DesiredNetwork.ID)? {
        guard let gateway = gateways[id], let listening = gateway.listening else { return nil }
        return (listening.handle, gateway.desired.networkID)
    }

    /// The next handle of a peer that is installed anew.
    private mutating func renewed(_ peer: CarriedPeer, _ plan: inout Plan) -> PeerHandle {
        let slot = peer.handle.slot
        let next = PeerHandle(slot: slot, generation: peerHandles.renew(slot: slot))
        accounts.share(with: next, ofSamePeerAs: peer.handle)
        plan.formerPeers.append(Accounts.FormerPeer(peer, next: next))
        return next
    }
}
