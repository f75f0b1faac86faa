import SystemIO
import WireGuardEngine

/// The control side's requests, served between two batches: the outgoing batch is empty then, and no
/// packet is in flight in the engine.
extension Worker {
    mutating func serve(_ request: WorkerRequest) {
        switch request {
        case .open(let gateway, let configuration, let handshakes, let transport, let done):
            open(gateway, configuration, handshakes: handshakes, transport: transport)
            done(engine.share(of: gateway))
        case .close(let gateway, let done):
            close(gateway)
            done()
        case .carry(let share, let gateway, let socket, let done):
            listen(on: socket, for: gateway)
            engine.carry(share)
            done()
        case .stopCarrying(let gateway, let done):
            shut(gateway)
            engine.stopCarrying(gateway)
            done()
        case .hear(let notices):
            for notice in notices {
                turn.moment = BootClock.moment
                engine.receive(notice, in: &turn)
                flushIfFilling()
            }
            flush()
        case .apply(let changes, let done):
            for change in changes { apply(change) }
            flush()
            done()
        case .attach(let queue, let gateway, let done):
            attach(queue, of: gateway)
            done()
        case .inspect(let gateway, let slot, let body):
            body(inspect(gateway, fromSlot: slot))
        case .report(let body):
            body(report())
        }
    }

    private mutating func open(
        _ gateway: GatewayHandle,
        _ configuration: GatewayConfiguration,
        handshakes: UDPSocket,
        transport: UDPSocket
    ) {
        if let predecessor = sockets.occupant(of: gateway.slot) { close(predecessor) }
        listen(on: transport, for: gateway)
        watch(handshakes, as: .handshakes(gateway))
        handshakeSockets.insert(handshakes, for: gateway)
        engine.installGateway(gateway, configuration)
    }

    private mutating func close(_ gateway: GatewayHandle) {
        guard let handshakes = handshakeSockets.remove(gateway) else { return }
        engine.removeGateway(gateway)
        poll.remove(handshakes.descriptor)
        handshakes.shut()
        shut(gateway)
    }

    private mutating func listen(on socket: UDPSocket, for gateway: GatewayHandle) {
        watch(socket, as: .transport(gateway))
        sockets.insert(socket, for: gateway)
    }

    private mutating func shut(_ gateway: GatewayHandle) {
        guard let socket = sockets.remove(gateway) else { return }
        poll.remove(socket.descriptor)
        socket.shut()
    }

    private mutating func watch(_ socket: UDPSocket, as source: EventSource) {
        do throws(SystemError) {
            try poll.add(socket.descriptor, tag: source.tag)
        } catch {
            // Fails only for lack of kernel memory: the gateway then receives nothing.
            io.receiveErrors &+= 1
        }
    }

    private mutating func apply(_ change: DataPlaneChange) {
        switch change {
        case .reconfigureGateway(let gateway, let addresses, let mtu):
            engine.reconfigureGateway(gateway, addresses: addresses, mtu: mtu)
        case .installPeer(let peer, let gateway, let configuration, let account):
            engine.installPeer(
                peer,
                on: gateway,
                configuration,
                charging: account,
                at: BootClock.moment
            )
        case .removePeer(let peer):
            engine.removePeer(peer)
        case .relocatePeer(let peer, let endpoint):
            engine.relocatePeer(peer, to: endpoint, at: BootClock.moment)
        case .publish(let view, let gateways):
            engine.publish(view, to: gateways)
        case .initiateHandshake(let peer):
            turn.moment = BootClock.moment
            engine.initiateHandshake(with: peer, in: &turn)
            flushIfFilling()
        }
    }

    private func inspect(_ gateway: GatewayHandle, fromSlot slot: UInt32) -> GatewaySlice? {
        guard let socket = handshakeSockets[gateway],
            let state = engine.state(of: gateway, fromSlot: slot)
        else { return nil }
        return GatewaySlice(port: socket._withUnsafeGuaranteedRef { $0.port }, state: state)
    }

    private mutating func report() -> WorkerReport {
        var report = WorkerReport()
        report.worker = number
        report.io = io
        report.interfaceDrops = engine.interfaceDrops
        engine.collectReports { report.peers.append($0) }
        report.chargedPeers = engine.takeChargedPeers()
        // The owner reports a gateway's drops on all workers.
        for gateway in handshakeSockets.gateways {
            report.drops[gateway] = engine.drops(of: gateway)
            report.egress[gateway] = engine.egressTraffic(of: gateway)
            report.newStrangers[gateway] = engine.takeNewStrangers(of: gateway)
        }
        return report
    }
}
