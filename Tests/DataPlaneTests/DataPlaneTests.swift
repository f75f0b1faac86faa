import NetAddress
import Synchronization
import SystemIO
import TestSupport
import Testing
import WireGuardEngine

@testable import DataPlane

@Suite("The data plane")
struct DataPlaneTests {
    @Test("a hundred gateways live in one process, each on its port, shared out over two workers")
    func manyGateways() async throws {
        let plane = try DataPlane(workers: 2)
        defer { plane.shutdown() }
        var ports: Set<UInt16> = []
        for number in 0..<100 {
            ports.insert(
                try await plane.open(
                    .number(number),
                    .test(),
                    listen: ListenAddress(port: 0),
                    placement: UInt32(number)
                )
            )
        }
        #expect(ports.count == 100)

        var sender = try TestSocket()
        for port in ports {
            sender.send([[1, 2, 3]], along: loopback(port))
        }
        let drops = await dropsOfAllWorkers(plane, 2, until: 100)
        #expect(drops.count == 100)
        #expect(drops.values.allSatisfy { $0.total == 1 })
    }

    @Test("garbage datagrams of every length are counted, and the worker goes on")
    func garbage() async throws {
        let plane = try DataPlane(workers: 1)
        defer { plane.shutdown() }
        let port = try await plane.open(.number(0))
        var sender = try TestSocket()
        var random = SystemRandomNumberGenerator()

        for length in 0...2000 {
            var bytes = (0..<length).map { _ in UInt8.random(in: 0...255, using: &random) }
            // Every other one has the first bytes of a message, and is garbage behind them.
            if length >= 4, length % 2 == 0 {
                bytes.replaceSubrange(0..<4, with: [UInt8(1 + length / 2 % 4), 0, 0, 0])
            }
            sender.send([bytes], along: loopback(port))
        }

        let report = await plane.report { $0.io.receivedDatagrams == 2001 }
        #expect(report?.drops[.number(0)]?.total == 2001)
        #expect(sender.io.unsent.total == 0)
        #expect(await plane.workerReport().io.sentDatagrams == 0)
    }

    @Test("runs of garbage datagrams are cut and counted one by one")
    func garbageRuns() async throws {
        let plane = try DataPlane(workers: 1)
        defer { plane.shutdown() }
        let port = try await plane.open(.number(0))
        var sender = try TestSocket()
        let run = (0..<64).map { datagram(500, number: $0) }
        for _ in 0..<20 { sender.send(run, along: loopback(port)) }

        let report = await plane.report { $0.io.receivedDatagrams == 64 * 20 }
        #expect(report?.drops[.number(0)]?.total == 64 * 20)
        #expect(report?.io.receivedBytes == 64 * 20 * 500)
    }

    @Test("networks are placed on the workers in turn, and one network stays on one worker")
    func placement() {
        let placement = Placement(workers: 3)
        #expect((0..<6).map { placement.worker(of: $0) } == [0, 1, 2, 0, 1, 2])
        #expect((0..<3).contains(placement.worker(of: .max)))
        #expect(Placement(workers: 1).processor(of: 0) == nil)
    }

    @Test("a port in use is refused at once and the worker does not hear of it")
    func busyPort() async throws {
        let plane = try DataPlane(workers: 1)
        defer { plane.shutdown() }
        let port = try await plane.open(.number(0))
        await #expect(throws: SystemError.portBusy(port)) {
            try await plane.open(
                .number(1),
                listen: .loopback(port)
            )
        }
        #expect(await plane.workerReport().drops.count == 1)
    }

    @Test("a closed gateway's port can be used at once, also under traffic")
    func closing() async throws {
        let plane = try DataPlane(workers: 1)
        defer { plane.shutdown() }
        var sender = try TestSocket()
        var listen = ListenAddress.loopback
        for generation in 1...50 as ClosedRange<UInt32> {
            let gateway = GatewayHandle(slot: 0, generation: generation)
            listen.port = try await plane.open(gateway, listen: listen)
            sender.send((0..<64).map { datagram(100, number: $0) }, along: loopback(listen.port))
            await plane.close(gateway)
        }
        #expect(throws: Never.self) { try UDPSocket(listen) }
    }

    @Test("a gateway that is opened and closed in one go leaves no socket behind")
    func openAndClose() async throws {
        let plane = try DataPlane(workers: 1)
        defer { plane.shutdown() }
        var listen = ListenAddress.loopback
        for generation in 1...50 as ClosedRange<UInt32> {
            let gateway = GatewayHandle(slot: 3, generation: generation)
            listen.port = try plane.openGateway(
                gateway,
                .test(),
                listen: listen,
                placement: 0,
                then: {}
            )
            await plane.close(gateway)
        }
        #expect(throws: Never.self) { try UDPSocket(listen) }
        #expect(await plane.workerReport().drops.isEmpty)
    }

    @Test("a gateway that is opened in another gateway's slot replaces it")
    func sameSlot() async throws {
        let plane = try DataPlane(workers: 1)
        defer { plane.shutdown() }
        let first = GatewayHandle(slot: 0, generation: 1)
        let second = GatewayHandle(slot: 0, generation: 2)
        let port = try await plane.open(first)
        try await plane.open(second)
        await plane.close(first)
        #expect(await plane.workerReport().drops.keys.elementsEqual([second]))
        #expect(throws: Never.self) { try UDPSocket(.loopback(port)) }
    }

    @Test("shutdown of the data plane ends its workers, frees its ports and may be called again")
    func shutdown() async throws {
        let plane = try DataPlane(workers: 2)
        var listen = ListenAddress.loopback
        listen.port = try await plane.open(.number(0))
        let done = Atomic<Int>(0)
        for _ in 0..<10 {
            plane.apply([], placement: 1) { done.add(1, ordering: .relaxed) }
        }

        plane.shutdown()
        plane.shutdown()

        #expect(done.load(ordering: .relaxed) == 10, "what was asked before is done")
        #expect(throws: Never.self) { try UDPSocket(listen) }
        #expect(throws: SystemError.stopped) {
            try plane.openGateway(.number(1), .test(), listen: .loopback, placement: 0, then: {})
        }
        await plane.close(.number(0))
        await plane.apply([])
        plane.collectReports { _ in done.add(1, ordering: .relaxed) }
        #expect(done.load(ordering: .relaxed) == 12, "one for each worker that was")
    }

    @Test("a worker may hold the last reference to its data plane")
    func releasedOnWorker() async throws {
        let port = try await openAndForget()
        let end = ContinuousClock.now + patience
        var isFree = false
        while !isFree, ContinuousClock.now < end {
            isFree = (try? UDPSocket(.loopback(port))) != nil
        }
        #expect(isFree)
    }

    private func openAndForget() async throws -> UInt16 {
        let plane = try DataPlane(workers: 1)
        let port = try await plane.open(.number(0))
        plane.apply([], placement: 0) { _ = plane }
        return port
    }

    /// Gathers the reports of all workers until `total` datagrams were dropped.
    private func dropsOfAllWorkers(
        _ plane: DataPlane,
        _ workers: Int,
        until total: UInt64
    ) async -> [GatewayHandle: DropCounters] {
        let end = ContinuousClock.now + patience
        var drops: [GatewayHandle: DropCounters] = [:]
        while ContinuousClock.now < end {
            let (reports, each) = AsyncStream<WorkerReport>.makeStream()
            plane.collectReports { each.yield($0) }
            drops = [:]
            for await report in reports.prefix(workers) {
                drops.merge(report.drops) { first, _ in first }
            }
            if drops.values.reduce(0, { $0 + $1.total }) == total { break }
        }
        return drops
    }
}

func loopback(_ port: UInt16) -> AddressPair {
    AddressPair(remote: Endpoint(address: .v4(ListenAddress.loopbackAddress), port: port))
}
