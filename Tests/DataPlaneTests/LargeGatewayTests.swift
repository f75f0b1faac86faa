import DataPlane
import NetAddress
import Testing
import WireGuardCrypto
import WireGuardEngine

@Suite("A gateway of 100 000 peers")
struct LargeGatewayTests {
    private static let peers = 100_000
    /// Medians are held against bounds: the machine does other things as well.
    private static let rounds = 21

    @Test("takes another peer within 5 ms, and others' packets go on", arguments: [1, 2])
    func anotherPeer(workers: Int) async throws {
        let hub = try await Hub(workers: workers)
        defer { hub.plane.shutdown() }
        var alice = try TunnelClient("10.9.0.2", hub: hub.key, at: hub.port)
        var table = try await fill(hub, beside: alice.publicKey, at: alice.address)
        #expect([alice.connect()] == [true])
        let gateway = try #require(IPv4Address("10.9.0.1"))

        var additions: [Duration] = []
        var echoes: [Duration] = []
        for round in 0..<Self.rounds {
            let address = try #require(IPv4Address("10.8.0.\(round)"))
            var newcomer = try TunnelClient("10.8.0.\(round)", hub: hub.key, at: hub.port)
            let peer = PeerHandle(slot: UInt32(Self.peers + round), generation: 1)
            let start = ContinuousClock.now
            table = table.changing(inserted: [(IPPrefix(.v4(address)), .peer(peer))])
            let (steps, step) = AsyncStream<ContinuousClock.Instant>.makeStream()
            hub.plane.apply(
                [
                    .installPeer(peer, on: Hub.gateway, .init(publicKey: newcomer.publicKey)),
                    .publish(table, to: [Hub.gateway]),
                ],
                placement: 0
            ) { step.yield(.now) }
            let sent = ContinuousClock.now
            alice.send(InnerIPv4.echoRequest(from: alice.address, to: gateway, sequence: round))
            alice.flush()
            #expect(alice.receive(1).count == 1, "the echo is not lost")
            echoes.append(.now - sent)
            for await done in steps {
                additions.append(done - start)
                break
            }
            #expect([newcomer.connect()] == [true])
        }
        let addition = additions.sorted()[Self.rounds / 2]
        let echo = echoes.sorted()[Self.rounds / 2]
        print("large gateway, \(workers) workers: a peer more in \(addition), an echo in \(echo)")
        #expect(addition < .milliseconds(5))
        #expect(echo < .milliseconds(5))
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
