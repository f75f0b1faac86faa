import NetAddress
import SystemIO
import TestSupport
import TunnelTestSupport
import WireGuardCrypto
import WireGuardEngine

@testable import DataPlane

/// The calls of the data plane with what most tests want of them.
extension DataPlane {
    @discardableResult
    func open(
        _ gateway: GatewayHandle,
        _ configuration: GatewayConfiguration = .test(),
        listen: ListenAddress = .loopback
    ) async throws -> UInt16 {
        try await open(gateway, configuration, listen: listen, placement: 0)
    }

    func close(_ gateway: GatewayHandle) async { await close(gateway, placement: 0) }

    func apply(_ changes: [DataPlaneChange]) async { await apply(changes, placement: 0) }

    /// What all workers saw together; of the sockets' counters, those that tests look at.
    func workerReport() async -> WorkerReport {
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
    /// is as expected; nil when it never is.
    func report(until isExpected: (WorkerReport) -> Bool) async -> WorkerReport? {
        let end = ContinuousClock.now + patience
        while ContinuousClock.now < end {
            let report = await workerReport()
            if isExpected(report) { return report }
            await Task.yield()
        }
        return nil
    }
}

extension ListenAddress {
    /// One of the 2²⁴ addresses that lead back to this machine, for these tests alone: a port of it
    /// that was given back is free until a test wants it again.
    static let loopbackAddress = IPv4Address(bits: .random(in: 0x7f01_0000...0x7ffe_ffff))

    static var loopback: ListenAddress { loopback(0) }

    static func loopback(_ port: UInt16) -> ListenAddress {
        ListenAddress(address: .v4(loopbackAddress), port: port)
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

extension GatewayHandle {
    static func number(_ slot: Int) -> GatewayHandle {
        GatewayHandle(slot: UInt32(slot), generation: 1)
    }
}
