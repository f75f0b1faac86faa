import NetAddress
import Testing
import TunnelTestSupport
import WireGuardCrypto
import WireGuardEngine

@testable import DataPlane

@Suite("A gateway of 100 000 peers")
struct LargeGatewayTests {
    private static let peers = 100_000

    @Test(
        "a gateway of 100 000 peers takes another peer, and the others' packets go on meanwhile",
        arguments: [1, 2]
    )
    func anotherPeer(workers: Int) async throws {
        let hub = try await Hub(workers: workers)
        defer { hub.plane.shutdown() }
        var alice = try TunnelClient("10.9.0.2", hub: hub.key, at: hub.port)
        await hub.admit(Self.others + [(alice.publicKey, alice.address)])
        #expect([alice.connect()] == [true])
        let gateway = try #require(IPv4Address("10.9.0.1"))

        for round in 0..<20 {
            let address = try #require(IPv4Address("10.8.0.\(round)"))
            var newcomer = try TunnelClient("10.8.0.\(round)", hub: hub.key, at: hub.port)
            let key = newcomer.publicKey
            let admission = Task { await hub.admit([(key, address)]) }
            alice.send(
                Packets.echo(from: .v4(alice.address), to: .v4(gateway), sequence: UInt16(round))
            )
            alice.flush()
            #expect(alice.receive(1).count == 1, "the echo is not lost")
            await admission.value
            #expect([newcomer.connect()] == [true])
        }
    }

    private static var others: [(key: PublicKey, address: IPv4Address)] {
        (1..<UInt32(peers)).map { (.counted($0), IPv4Address(bits: 0x0a0a_0000 + $0)) }
    }
}

extension PublicKey {
    /// One without a known secret.
    fileprivate static func counted(_ number: UInt32) -> PublicKey {
        var words: (UInt64, UInt64, UInt64, UInt64) = (UInt64(number), 7, 7, 7)
        return withUnsafeBytes(of: &words) { PublicKey($0) }
    }
}
