import WireGuardEngine

/// The control side's requests, served between two batches: nothing waits to be sent then, and no
/// packet is on its way through the engine.
extension Worker {
    mutating func serve(_ request: WorkerRequest) {
        switch request {
        case .open(let gateway, let configuration, let socket, let done):
            open(gateway, configuration, socket)
            done()
        case .close(let gateway, let done):
            close(gateway)
            done()
        case .apply(let changes, let done):
            for change in changes { apply(change) }
            flush()
            done()
        case .report(let body):
            body(report())
        }
    }

    private mutating func open(
        _ gateway: GatewayHandle,
        _ configuration: GatewayConfiguration,
        _ socket: UDPSocket
    ) {
        if let predecessor = sockets.occupant(of: gateway.slot) { close(predecessor.gateway) }
        do throws(DataPlaneError) {
            try poll.add(socket.descriptor, tag: gateway.tag)
        } catch {
            // Only a lack of kernel memory: the gateway hears nothing, as if its packets were lost.
            io.receiveErrors &+= 1
        }
        sockets.insert(socket, for: gateway)
        engine.installGateway(gateway, configuration)
    }

    private mutating func close(_ gateway: GatewayHandle) {
        guard let socket = sockets[gateway] else { return }
        engine.removeGateway(gateway)
        sockets.remove(gateway)
        poll.remove(socket.descriptor)
        socket.shut()
    }

    private mutating func apply(_ change: DataPlaneChange) {
        switch change {
        case .installPeer(let peer, let gateway, let configuration):
            engine.installPeer(peer, on: gateway, configuration, at: BootClock.moment)
        case .removePeer(let peer):
            engine.removePeer(peer)
        case .relocatePeer(let peer, let endpoint):
            engine.relocatePeer(peer, to: endpoint, at: BootClock.moment)
        case .publish(let table, let gateways):
            engine.publish(table, to: gateways)
        case .initiateHandshake(let peer):
            engine.initiateHandshake(with: peer, at: BootClock.moment, into: &outgoing)
            flushIfFilling()
        }
    }

    private mutating func report() -> WorkerReport {
        var report = WorkerReport()
        report.io = io
        engine.collectReports { report.peers.append($0) }
        for gateway in sockets.gateways { report.drops[gateway] = engine.drops(of: gateway) }
        return report
    }
}
