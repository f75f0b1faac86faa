import SystemIO
import Testing
import WireGuardEngine

@testable import DataPlane

@Suite("How many sockets gateways may have")
struct SocketAllowanceTests {
    @Test(
        "a gateway beyond the allowance of sockets is refused, and opened when another one has gone"
    )
    func beyondTheAllowance() async throws {
        let plane = try DataPlane(workers: 2, mostSockets: 7)
        defer { plane.shutdown() }
        try await plane.open(.number(0))
        try await plane.open(.number(1))
        await #expect(throws: SystemError.tooManyOpenFiles) {
            try await plane.open(.number(2))
        }
        await plane.close(.number(0))
        try await plane.open(.number(2))
        await #expect(throws: SystemError.tooManyOpenFiles) {
            try await plane.open(.number(3))
        }
    }

    @Test(
        "sockets that a gateway could not use, because its port is busy, are left to other gateways"
    )
    func busyPort() async throws {
        let plane = try DataPlane(workers: 2, mostSockets: 6)
        defer { plane.shutdown() }
        let port = try await plane.open(.number(0))
        for _ in 0..<3 {
            await #expect(throws: SystemError.portBusy(port)) {
                try await plane.open(
                    .number(1),
                    listen: ListenAddress(address: ListenAddress.loopback.address, port: port)
                )
            }
        }
        try await plane.open(.number(1))
    }
}
