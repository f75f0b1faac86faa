/// What a peer may use, or all peers of a gateway or of an organization together. Nil where there is no limit. Bytes and
/// bits are those of packets inside of the tunnel, as `UsageCounts` has them.
package struct UsageLimits: Equatable, Sendable {
    /// Bits per second.
    package static let rates: ClosedRange<UInt64> = 8_000...100_000_000_000
    package static let connectedPeersRange = 1...1_000_000

    /// From the peers, in bits per second.
    package var rxRate: UInt64?
    /// To the peers, in bits per second.
    package var txRate: UInt64?
    package var quota: MonthlyQuota?
    /// How many peers may have a session at a time. Not of a single peer.
    package var connectedPeers: Int?

    package init(
        rxRate: UInt64? = nil,
        txRate: UInt64? = nil,
        quota: MonthlyQuota? = nil,
        connectedPeers: Int? = nil
    ) {
        self.rxRate = rxRate
        self.txRate = txRate
        self.quota = quota
        self.connectedPeers = connectedPeers
    }

    package var isEmpty: Bool { self == UsageLimits() }
}

/// Who or what is limited.
package enum LimitSubject: Hashable, Sendable {
    /// As the API names them.
    package enum LimitedKind: String, CaseIterable, Sendable {
        case peer = "wireguard_peer"
        case gateway = "wireguard_interface"
        case organization
    }

    case peer(PeerID)
    case gateway(GatewayID)
    case organization(OrganizationID)

    package var kind: LimitedKind {
        switch self {
        case .peer: .peer
        case .gateway: .gateway
        case .organization: .organization
        }
    }

    package var id: String {
        switch self {
        case .peer(let id): "\(id)"
        case .gateway(let id): "\(id)"
        case .organization(let id): "\(id)"
        }
    }
}
