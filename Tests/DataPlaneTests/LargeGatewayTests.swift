import DataPlane
import NetAddress
import Testing
import TunnelTestSupport
import WireGuardCrypto
import WireGuardEngine

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
        var table = try await fill(hub, beside: alice.publicKey, at: alice.address)
        #expect([alice.connect()] == [true])
        let gateway = try #require(IPv4Address("10.9.0.1"))

        for round in 0..<20 {
            let address = try #require(IPv4Address("10.8.0.\(round)"))
            var newcomer = try TunnelClient("10.8.0.\(round)", hub: hub.key, at: hub.port)
            let peer = PeerHandle(slot: UInt32(Self.peers + round), generation: 1)
            table = table.changing(inserted: [(IPPrefix(.v4(address)), .peer(peer))])
            let (steps, step) = AsyncStream<Void>.makeStream()
            hub.plane.apply(
                [
                    .installPeer(peer, on: Hub.gateway, .init(publicKey: newcomer.publicKey)),
                    .publish(table, to: [Hub.gateway]),
                ],
                placement: 0
            ) { step.yield() }
            alice.send(
                Packets.echo(from: .v4(alice.address), to: .v4(gateway), sequence: UInt16(round))
            )
            alice.flush()
            #expect(alice.receive(1).count == 1, "the echo is not lost")
            for await _ in steps { break }
            #expect([newcomer.connect()] == [true])
        }
    }

    /// Peers in slots from 1 up, each with an address of its own; the one in slot 0 is given.
    private func fill(
        _ hub: Hub,
        beside key: PublicKey,
        at address: IPv4Address
    ) async throws -> ForwardingTable {
        var changes: [DataPlaneChange] = []
        var routes: [(prefix: IPPrefix, destination: Destination)] = [
            (try IPPrefix("10.9.0.1"), .gateway(Hub.gateway))
        ]
        for slot in 0..<UInt32(Self.peers) {
            let peer = PeerHandle(slot: slot, generation: 1)
            let key = slot == 0 ? key : PublicKey.numbered(slot)
            let address = slot == 0 ? address : IPv4Address(bits: 0x0a0a_0000 + slot)
            changes.append(.installPeer(peer, on: Hub.gateway, .init(publicKey: key)))
            routes.append((IPPrefix(.v4(address)), .peer(peer)))
        }
        let table = ForwardingTable(routes: routes)
        changes.append(.publish(table, to: [Hub.gateway]))
        await hub.plane.apply(changes)
        return table
    }
}

extension PublicKey {
    /// One that nobody has the secret of.
    fileprivate static func numbered(_ number: UInt32) -> PublicKey {
        var words: (UInt64, UInt64, UInt64, UInt64) = (UInt64(number), 7, 7, 7)
        return withUnsafeBytes(of: &words) { PublicKey($0) }
    }
}
