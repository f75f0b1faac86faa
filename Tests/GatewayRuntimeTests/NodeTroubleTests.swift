import GatewayDomain
import GatewayService
import Glibc
import NetAddress
import ServiceTestSupport
import TestSupport
import Testing
import TunnelTestSupport
import WireGuardCrypto
import WireGuardEngine

@testable import GatewayRuntime

@Suite(.timeLimit(.minutes(10)))
struct NodeTroubleTests {
    @Test("a client whose clock was set back is told so, from its datagrams to its diagnosis")
    func clockSetBack() async throws {
        let installation = try await NodeInstallation()
        try await installation.withNode {
            let (peer, client) = try await Self.peer(of: installation)
            var now = WallTime(nanoseconds: 0)
            // Again and again, as any client does: the node may not have heard of the peer yet.
            let isSeen = try await eventually(every: .milliseconds(100)) {
                now = WallTime(nanoseconds: UInt64(Timestamp.now().microseconds) * 1_000)
                try client.initiate(at: now)
                return try await installation.controlPlane.showPeer(
                    peer.id,
                    by: installation.caller
                )
                .activity.lastSeen != nil
            }
            #expect(isSeen)
            // Each in a half second of its own: stamps have a resolution of some milliseconds.
            for step in 0..<3 as Range<UInt64> {
                let back = now.nanoseconds - 7_200_000_000_000 + step * 500_000_000
                try client.initiate(at: WallTime(nanoseconds: back))
            }
            let found = try await eventual {
                try await installation.controlPlane.diagnosePeer(peer.id, by: installation.caller)
                    .findings.first { $0.code == .clockWentBack && $0.count == 3 }
            }
            let finding = try #require(found)
            #expect(finding.certainty == .likely)
            #expect(
                finding.message.contains("minutes behind") || finding.message.contains("2 hours")
            )
        }
    }

    @Test("a client with an unknown key is reported to the control plane with its source")
    func unknownKey() async throws {
        let installation = try await NodeInstallation()
        try await installation.withNode {
            let (peer, client) = try await Self.peer(of: installation, knowsKey: false)
            try client.initiate(at: WallTime(nanoseconds: 1))
            let found = try await eventual {
                try await installation.controlPlane.diagnosePeer(peer.id, by: installation.caller)
                    .findings.first { $0.code == .unknownKey }
            }
            #expect(found?.message.contains(client.publicKey.base64) == true)
            #expect(found?.source?.address == IPAddress("127.0.0.1"))
        }
    }

    /// A peer of a new gateway that is carried, and a client for it.
    private static func peer(
        of installation: NodeInstallation,
        knowsKey: Bool = true
    ) async throws -> (Peer, CraftedClient) {
        let controlPlane = installation.controlPlane
        let gateway = try await installation.makeGateway()
        let isCarried = try await eventually {
            try await controlPlane.showGateway(gateway.id, by: installation.caller).status
                == .provisioned
        }
        #expect(isCarried)
        let client = CraftedClient(gateway: gateway)
        var request = NewPeer()
        request.gatewayID = .value(gateway.id)
        if knowsKey { request.publicKey = .value(client.publicKey) }
        let made = try await controlPlane.perform(.createPeer(request), by: installation.caller)
        return (made.peer, client)
    }
}

/// Sends initiations of any time, and hears nothing.
private struct CraftedClient {
    private let privateKey = SecretKey.random()
    private let gateway: Gateway

    var publicKey: PublicKey { X25519.publicKey(of: privateKey) }

    init(gateway: Gateway) {
        self.gateway = gateway
    }

    /// From an engine of its own each time, which knows of no earlier one.
    func initiate(at wall: WallTime) throws {
        let own = GatewayHandle(slot: 0, generation: 1)
        let peer = PeerHandle(slot: 0, generation: 1)
        let moment = Moment(now: Instant(nanoseconds: 1), wall: wall)
        var engine = Engine(
            random: RandomSource { for index in $0.indices { $0[index] = .random(in: 0...255) } }
        )
        var turn = Turn(at: moment)
        engine.installGateway(own, GatewayConfiguration(privateKey: privateKey, addresses: []))
        engine.installPeer(
            peer,
            on: own,
            PeerConfiguration(
                publicKey: gateway.publicKey,
                endpoint: Endpoint(gateway.endpoint.description)
            ),
            at: moment
        )
        engine.initiateHandshake(with: peer, in: &turn)
        let slice = try #require(turn.outgoing.slices.first)
        try send(UnsafeRawBufferPointer(start: slice.base, count: slice.count))
    }

    private func send(_ bytes: UnsafeRawBufferPointer) throws {
        let socket = Glibc.socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
        defer { close(socket) }
        guard case .address(.v4(let address)) = gateway.endpoint.host else { return }
        var target = sockaddr_in()
        target.sin_family = sa_family_t(AF_INET)
        target.sin_port = gateway.endpoint.port.bigEndian
        target.sin_addr.s_addr = address.bits.bigEndian
        let sent = withUnsafePointer(to: target) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                sendto(
                    socket,
                    bytes.baseAddress,
                    bytes.count,
                    0,
                    $0,
                    socklen_t(MemoryLayout<sockaddr_in>.size)
                )
            }
        }
        try #require(sent == bytes.count)
    }
}
