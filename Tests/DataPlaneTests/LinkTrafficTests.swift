import NetAddress
import SystemIO
import TestSupport
import Testing
import TunnelTestSupport
import WireGuardCrypto
import WireGuardEngine

@testable import DataPlane

@Suite("Over a link between two data planes")
struct LinkTrafficTests {
    /// A node with one gateway, 10.9.n.1, and one end of the link.
    private struct Node {
        let plane: DataPlane
        let number: UInt8
        let key = SecretKey.random()
        let laneKeys = [SecretKey.random(), SecretKey.random()]
        let port: UInt16
        private static let gatewayID = DesiredGateway.ID(0)
        static let linkID = DesiredLink.ID(7)

        init(_ number: UInt8) async throws {
            self.number = number
            plane = try DataPlane(workers: 2)
            let gateway = DesiredGateway(
                id: Self.gatewayID,
                networkID: .init(0),
                configuration: .test("10.9.\(number).1/24", key: key),
                listen: .loopback
            )
            let outcome = await plane.reconcile([.gateway(gateway)])
            port = try #require(outcome.opened[Self.gatewayID])
        }

        /// - Parameter ports: of the other node's lanes; nil where it is to call.
        /// - Returns: those of the own ones.
        func link(to other: Node, _ ports: [UInt16]?) async throws -> [UInt16] {
            let lanes = (0..<2).map { lane in
                DesiredLink.Lane(
                    privateKey: laneKeys[lane],
                    listen: .loopback,
                    remoteKey: X25519.publicKey(of: other.laneKeys[lane]),
                    endpoint: ports.map { loopback($0[lane]).remote }
                )
            }
            let link = DesiredLink(
                id: Self.linkID,
                networkID: .init(0),
                remoteNodeID: .init(UInt64(other.number)),
                addresses: [try InterfaceAddress("10.9.\(number).1/24")],
                remoteAddress: IPv4Address("10.9.\(other.number).1"),
                subnets: [try IPPrefix("10.9.\(other.number).0/24")],
                lanes: lanes
            )
            let opened = await plane.reconcile([.link(link)]).openedLanes[Self.linkID]
            return try (0..<2).map { try #require(opened?[$0]) }
        }

        func client() async throws -> TunnelClient {
            let client = try TunnelClient(
                "10.9.\(number).2",
                hub: X25519.publicKey(of: key),
                at: port
            )
            let peer = DesiredPeer(
                id: .init(client.publicKey),
                gatewayID: Self.gatewayID,
                configuration: PeerConfiguration(publicKey: client.publicKey),
                prefixes: [IPPrefix(.v4(client.address))]
            )
            _ = await plane.reconcile([.peer(peer)])
            return client
        }

        /// What the lanes have done, when all of them have answered a probe.
        func probedLanes() async -> [Int: ActivityReport] {
            var lanes: [Int: ActivityReport] = [:]
            let end = ContinuousClock.now + patience
            while ContinuousClock.now < end,
                lanes.count < 2 || lanes.values.contains(where: { $0.probes?.answered == 0 })
            {
                for lane in await plane.report().lanes {
                    if let activity = lane.activity { lanes[lane.number] = activity }
                }
                await Task.yield()
            }
            return lanes
        }
    }

    @Test("peers of two nodes talk to each other over all lanes, each on a worker of its own")
    func traffic() async throws {
        let (one, other) = (try await Node(1), try await Node(2))
        defer {
            one.plane.shutdown()
            other.plane.shutdown()
        }
        // One side knows where the other is, and calls.
        let ports = try await one.link(to: other, nil)
        _ = try await other.link(to: one, ports)
        let probed = await other.probedLanes()
        #expect(probed.count == 2)
        #expect(
            probed.values.allSatisfy { ($0.probes?.lastRoundTrip ?? .seconds(0)) > .seconds(0) }
        )

        var alice = try await one.client()
        var bob = try await other.client()
        #expect([alice.connect(), bob.connect()] == [true, true])
        for flow in UInt8(0)..<16 {
            var packets = (0..<20).map { number in
                Packets.udp(
                    from: .v4(alice.address),
                    to: .v4(bob.address),
                    datagram(1_200, number: Int(flow) * 20 + number)
                )
            }
            // The source port; nothing on the way looks at the checksum.
            for index in packets.indices { packets[index][20] = flow }
            for packet in packets { alice.send(packet) }
            alice.flush()
            let heard = bob.receive(packets.count)
            #expect(
                heard.map { Array($0.dropFirst(28)) } == packets.map { Array($0.dropFirst(28)) }
            )
            #expect(heard.allSatisfy { $0[8] == 62 }, "both gateways are hops")
        }
        bob.send(Packets.udp(from: .v4(bob.address), to: .v4(alice.address), [1, 2, 3]))
        bob.flush()
        #expect(alice.receive(1).count == 1)

        let carried = await other.plane.report().lanes.compactMap(\.activity)
        #expect(carried.count == 2)
        for lane in carried { #expect(lane.receivedPackets > 20) }
        let received = await other.plane.reports().map(\.io.receivedDatagrams)
        #expect(received.allSatisfy { $0 > 20 }, "both workers carry")
    }
}
