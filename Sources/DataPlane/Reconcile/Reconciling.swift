import NetAddress
import SystemIO
import WireGuardEngine

/// What is done to workers to make them carry what is desired; a test does it without threads.
protocol Reconciling: Sendable {
    func withCarried<Result>(_ body: (inout CarriedState) -> Result) -> Result

    /// Returns the port when all workers carry the gateway.
    func open(
        _ handle: GatewayHandle,
        _ configuration: GatewayConfiguration,
        listen: ListenAddress,
        placement: UInt32
    ) async throws(SystemError) -> UInt16

    func close(_ handle: GatewayHandle, placement: UInt32) async
    func apply(_ changes: [DataPlaneChange], placement: UInt32) async
}

extension Reconciling {
    func perform(_ changes: [DesiredChange], at now: WallTime) async -> Reconciliation {
        var outcome = Reconciliation()
        let expanded = withCarried { carried in
            DesiredChange.expanded(changes) { carried.links[$0]?.desired.lanes.count ?? 0 }
        }
        var changes = DesiredChange.lastOfEachGateway(expanded)
        let moved = await replace(&changes, &outcome)
        await perform(withCarried { $0.adopt(changes) }, &outcome)
        for id in withCarried({ $0.unopenedByArrival }) {
            await open(id, moved[id], at: now, &outcome)
        }
        withCarried { outcome.separateLanes($0) }
        return outcome
    }

    /// Closes gateways that the changes replace. One that moves to another address or port in the same
    /// network and organization is opened there first: if that fails, it stays as it is, and the changes that concern it are taken out.
    private func replace(
        _ changes: inout [DesiredChange],
        _ outcome: inout Reconciliation
    ) async -> [DesiredGateway.ID: CarriedGateway.Listening] {
        var moved: [DesiredGateway.ID: CarriedGateway.Listening] = [:]
        for (present, next) in withCarried({ $0.replaced(by: changes) }) {
            if present.mustMove(for: next), present.desired.networkID == next.networkID,
                present.desired.organization?.id == next.organization?.id,
                let opening = withCarried({ $0.opening(present, as: next) })
            {
                do throws(SystemError) {
                    moved[next.id] = try await listen(opening)
                } catch {
                    outcome.unmoved[next.id] = error
                    changes = withCarried { carried in
                        changes.filter { !carried.concerns(next.id, $0) }
                    }
                    continue
                }
            }
            await perform(withCarried { $0.detach(next.id) }, &outcome)
        }
        return moved
    }

    private func open(
        _ id: DesiredGateway.ID,
        _ moved: CarriedGateway.Listening?,
        at now: WallTime,
        _ outcome: inout Reconciliation
    ) async {
        do throws(SystemError) {
            var listening = moved
            if listening == nil, let opening = withCarried({ $0.opening(of: id) }) {
                listening = try await listen(opening)
            }
            guard let listening else { return }
            let since = now.before(seconds: DataPlane.callWithinSeconds)
            let plan = withCarried { $0.attach(id, listening, heardSince: since) }
            await perform(plan, &outcome)
            outcome.opened[id] = listening.port
        } catch {
            outcome.unopened[id] = error
        }
    }

    private func listen(
        _ opening: GatewayOpening
    ) async throws(SystemError) -> CarriedGateway.Listening {
        do throws(SystemError) {
            let port = try await open(
                opening.handle,
                opening.configuration,
                listen: opening.listen,
                placement: opening.placement
            )
            return CarriedGateway.Listening(handle: opening.handle, port: port)
        } catch {
            withCarried { $0.release(opening.handle) }
            throw error
        }
    }

    private func perform(_ plan: CarriedState.Plan, _ outcome: inout Reconciliation) async {
        for step in plan.steps {
            switch step {
            case .apply(let changes, let placement):
                await apply(changes, placement: placement)
            case .close(let gateway, let placement):
                await close(gateway, placement: placement)
            }
        }
        withCarried { $0.release(plan) }
        outcome.differences.add(plan.differences)
        outcome.recentPeers += plan.recentPeers
    }
}

extension Reconciliation {
    fileprivate mutating func separateLanes(_ carried: CarriedState) {
        separate(&opened, into: &openedLanes, carried)
        separate(&unopened, into: &unopenedLanes, carried)
        separate(&unmoved, into: &unmovedLanes, carried)
    }

    private func separate<Outcome>(
        _ gateways: inout [DesiredGateway.ID: Outcome],
        into lanes: inout [DesiredLink.ID: [Int: Outcome]],
        _ carried: CarriedState
    ) {
        for (id, outcome) in gateways {
            guard let lane = carried.laneID(of: id) else { continue }
            lanes[lane.link, default: [:]][lane.number] = outcome
            gateways[id] = nil
        }
    }
}

extension Reconciliation.Differences {
    fileprivate mutating func add(_ more: Self) {
        gatewaysAdded += more.gatewaysAdded
        gatewaysRemoved += more.gatewaysRemoved
        gatewaysChanged += more.gatewaysChanged
        peersAdded += more.peersAdded
        peersRemoved += more.peersRemoved
        peersChanged += more.peersChanged
    }
}
