import APIContract
import GatewayClient
import GatewayDomain
import GatewayService
import NetAddress

/// What the API says of all gateways and peers at one moment.
struct TopSample {
    let time: ContinuousClock.Instant
    /// For ages and states.
    let now: Timestamp
    let entries: [TopEntry]

    /// The counters of all that a client may see. Peers that come or go while the pages are read may be missing
    /// from one sample.
    static func take(_ client: GatewayClient) async throws -> TopSample {
        let report = try await StatusReport(of: nil, client)
        return TopSample(
            time: .now,
            now: .now(),
            entries: report.groups.flatMap { gateway, peers in
                let title = gateway.name ?? "\(gateway.id)"
                let lastSeen = gateway.seenAt(among: peers)
                return [TopEntry(gateway, lastSeen: lastSeen)]
                    + peers.map { TopEntry($0, of: title) }
            }
        )
    }
}

/// A gateway or a peer.
struct TopEntry: Equatable {
    enum Kind: Equatable {
        case gateway(Word<InterfaceStatus>)
        case peer(gateway: String)
    }

    let id: String
    let name: String
    let kind: Kind
    let address: String
    let latestHandshakeAt: Timestamp?
    /// When a packet last came; nil where that is not known.
    let lastSeen: Timestamp?
    let rxBytes: UInt64
    let txBytes: UInt64

    /// - Parameter lastSeen: of the peer that was seen last.
    init(_ gateway: Decoded<GatewayMembers>, lastSeen: Timestamp?) {
        self.lastSeen = lastSeen
        id = "\(gateway.id)"
        name = gateway.name ?? id
        kind = .gateway(gateway.status)
        address = "\(gateway.serverAddress.address)"
        latestHandshakeAt = gateway.latestHandshakeAt
        rxBytes = gateway.rxBytes
        txBytes = gateway.txBytes
    }

    init(_ peer: Decoded<PeerMembers>, of gateway: String) {
        id = "\(peer.id)"
        name = peer.name ?? id
        kind = .peer(gateway: gateway)
        address = "\(peer.address)"
        latestHandshakeAt = peer.latestHandshakeAt
        lastSeen = peer.seenAt
        rxBytes = peer.rxBytes
        txBytes = peer.txBytes
    }

    init(
        id: String,
        name: String,
        kind: Kind,
        address: String = "172.27.0.2",
        latestHandshakeAt: Timestamp? = nil,
        lastSeen: Timestamp? = nil,
        rxBytes: UInt64,
        txBytes: UInt64
    ) {
        self.id = id
        self.name = name
        self.kind = kind
        self.address = address
        self.latestHandshakeAt = latestHandshakeAt
        self.lastSeen = lastSeen
        self.rxBytes = rxBytes
        self.txBytes = txBytes
    }
}
