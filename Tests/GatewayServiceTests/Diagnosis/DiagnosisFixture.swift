import GatewayDomain
import GatewayService
import GatewayStore
import NetAddress
import NodeProtocol
import ServiceTestSupport
import Testing
import WireGuardCrypto

/// A network with one gateway and two peers, and a node that reports what a test says.
struct DiagnosisFixture {
    let fixture: ServiceFixture
    let network: Network
    let gateway: Gateway
    let laptop: Peer
    let phone: Peer

    var feed: LocalNodeFeed { fixture.controlPlane.nodeFeed }
    var now: Timestamp { fixture.clock.now() }
    let place = Endpoint(address: .v4(IPv4Address(bits: 0xC633_6402)), port: 40_000)

    init(keepalive: Int = 25) async throws {
        fixture = try await ServiceFixture { $0.defaultPersistentKeepalive = keepalive }
        network = try await fixture.network()
        gateway = try await fixture.gateway(in: network)
        laptop = try await fixture.peer(of: gateway) { $0.name = .value("laptop") }.peer
        phone = try await fixture.peer(of: gateway) { $0.name = .value("phone") }.peer
        try await feed.report(
            gateways: [GatewayReport(id: gateway.id, status: .provisioned, reason: nil)]
        )
    }

    /// The peer was heard, with a handshake or without one.
    func hear(_ peer: Peer, handshake: Bool = true, at endpoint: Endpoint? = nil) async throws {
        let time = now
        try await feed.report(peers: [
            PeerReport(
                id: peer.id,
                lastSeen: time,
                latestHandshakeAt: handshake ? time : nil,
                endpoint: endpoint ?? place,
                rxBytesAdded: 148,
                txBytesAdded: 92
            )
        ])
    }

    func report(_ peer: Peer, _ change: (inout PeerObservations) -> Void) {
        var observations = PeerObservations()
        change(&observations)
        feed.report(trouble: TroubleReport(peers: [peer.id: observations]))
    }

    /// Something was heard at the gateway's port.
    func report(_ strangers: [StrangerObservation]) {
        feed.report(
            trouble: TroubleReport(
                drops: [gateway.id: max(strangers.count, 1)],
                strangers: [gateway.id: strangers]
            )
        )
    }

    func stranger(
        _ mistake: StrangerObservation.Mistake,
        at endpoint: Endpoint? = nil
    ) -> StrangerObservation {
        StrangerObservation(mistake: mistake, endpoint: endpoint ?? place, count: 3, last: now)
    }

    func drop(
        _ reason: DropCause,
        from source: String,
        to destination: String,
        length: Int = 84,
        mtu: Int? = nil
    ) -> DropObservation {
        DropObservation(
            reason: reason,
            source: IPAddress(source),
            destination: IPAddress(destination),
            count: 7,
            last: now,
            length: length,
            mtu: mtu
        )
    }

    func occurrences(_ count: Int) -> PeerObservations.Occurrences {
        PeerObservations.Occurrences(count: count, last: now)
    }

    func diagnose(_ peer: Peer) async throws -> PeerDiagnosis {
        try await fixture.controlPlane.diagnosePeer(peer.id, by: fixture.caller)
    }

    func findings(_ peer: Peer) async throws -> [Finding] { try await diagnose(peer).findings }

    /// What matters of the findings, a line each.
    func codes(_ peer: Peer) async throws -> [String] {
        try await findings(peer).map {
            "\($0.severity) \($0.code.rawValue) \($0.certainty)"
        }
    }

    func explain(_ from: String, _ to: String) async throws -> PathExplanation {
        try await fixture.controlPlane.explainPath(
            in: network.id,
            from: from,
            to: to,
            by: fixture.caller
        )
    }
}
