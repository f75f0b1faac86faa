import DataPlane
import NetAddress
import WireGuardCrypto
import WireGuardEngine

/// The calls of the data plane as a test wants them: done when they return.
extension DataPlane {
    @discardableResult
    func open(
        _ gateway: GatewayHandle,
        _ configuration: GatewayConfiguration = .test(),
        listen: ListenAddress = .loopback,
        placement: UInt32 = 0
    ) async throws -> UInt16 {
        let (steps, step) = AsyncStream<Void>.makeStream()
        let port = try openGateway(
            gateway,
            configuration,
            listen: listen,
            placement: placement
        ) {
            step.yield()
        }
        for await _ in steps { break }
        return port
    }

    func close(_ gateway: GatewayHandle, placement: UInt32 = 0) async {
        await withCheckedContinuation { continuation in
            closeGateway(gateway, placement: placement) { continuation.resume() }
        }
    }

    func apply(_ changes: [DataPlaneChange], placement: UInt32 = 0) async {
        await withCheckedContinuation { continuation in
            apply(changes, placement: placement) { continuation.resume() }
        }
    }

    /// Of all workers, in the order in which they answered.
    func reports() async -> [WorkerReport] {
        let (reports, continuation) = AsyncStream<WorkerReport>.makeStream()
        collectReports { continuation.yield($0) }
        var collected: [WorkerReport] = []
        for await report in reports.prefix(workerCount) { collected.append(report) }
        return collected
    }

    /// What all workers saw together; of the sockets' counters, those that tests look at.
    func report() async -> WorkerReport {
        var reports = await reports()
        var whole = reports.removeFirst()
        for report in reports {
            whole.peers += report.peers
            whole.drops.merge(report.drops) { $0 + $1 }
            whole.io.receivedDatagrams += report.io.receivedDatagrams
            whole.io.sentDatagrams += report.io.sentDatagrams
            whole.io.unsent.other += report.io.unsent.total
        }
        return whole
    }

    /// Asks again and again, each time behind the packets that came meanwhile, until the report
    /// is as expected; false when it is not for ten seconds.
    func report(until isExpected: (WorkerReport) -> Bool) async -> WorkerReport? {
        let end = ContinuousClock.now + .seconds(10)
        while ContinuousClock.now < end {
            let report = await report()
            if isExpected(report) { return report }
            await Task.yield()
        }
        return nil
    }
}

extension ListenAddress {
    static var loopback: ListenAddress {
        ListenAddress(address: .v4(IPv4Address(bits: 0x7f00_0001)), port: 0)
    }
}

extension GatewayConfiguration {
    static func test(
        _ address: String = "10.9.0.1/24",
        key: SecretKey = .random(),
        localDelivery: LocalDelivery = .router
    ) -> GatewayConfiguration {
        do {
            return GatewayConfiguration(
                privateKey: key,
                addresses: [try InterfaceAddress(address)],
                localDelivery: localDelivery
            )
        } catch {
            preconditionFailure("\(address) is no interface address")
        }
    }
}

extension SecretKey {
    static func random() -> SecretKey {
        X25519.generatePrivateKey { bytes in
            for index in bytes.indices { bytes[index] = .random(in: 0...255) }
        }
    }
}

extension GatewayHandle {
    static func number(_ slot: Int) -> GatewayHandle {
        GatewayHandle(slot: UInt32(slot), generation: 1)
    }
}
