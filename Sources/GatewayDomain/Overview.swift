/// How the gateways and peers of an organization do, in numbers, and what is wrong with them.
package struct Overview: Equatable, Sendable {
    package let checkedAt: Timestamp
    package let gateways: GatewayCounts
    package let peers: PeerCounts
    /// The worst first.
    package let remarks: [Remark]

    package init(
        checkedAt: Timestamp,
        gateways: GatewayCounts,
        peers: PeerCounts,
        remarks: [Remark]
    ) {
        self.checkedAt = checkedAt
        self.gateways = gateways
        self.peers = peers
        self.remarks = remarks
    }

    package struct GatewayCounts: Equatable, Sendable {
        package let total: Int
        package let provisioned: Int

        package init(total: Int, provisioned: Int) {
            self.total = total
            self.provisioned = provisioned
        }
    }

    package struct PeerCounts: Equatable, Sendable {
        package let total: Int
        /// Those with a session.
        package let connected: Int
        package let neverConnected: Int

        package init(total: Int, connected: Int, neverConnected: Int) {
            self.total = total
            self.connected = connected
            self.neverConnected = neverConnected
        }
    }
}

/// One thing that is wrong, and what to do about it.
package struct Remark: Equatable, Sendable {
    package let code: RemarkCode
    package let severity: RemarkSeverity
    /// Whole sentences.
    package let message: String
    /// A whole sentence.
    package let nextStep: String
    /// The gateways or peers that it is about; 0 where it is about neither.
    package let count: Int

    package init(
        _ code: RemarkCode,
        _ severity: RemarkSeverity,
        count: Int,
        _ message: String,
        nextStep: String
    ) {
        self.code = code
        self.severity = severity
        self.count = count
        self.message = message
        self.nextStep = nextStep
    }
}

package enum RemarkCode: String, CaseIterable, Sendable {
    case changesNotStored = "changes_not_stored"
    case gatewayNotProvisioned = "gateway_not_provisioned"
    case gatewayIncomplete = "gateway_incomplete"
    case gatewayUnreached = "gateway_unreached"
    case peersNeverConnected = "peers_never_connected"
    case configsOutdated = "configs_outdated"
    case noPeers = "no_peers"
}

/// Worst first.
package enum RemarkSeverity: String, CaseIterable, Sendable {
    /// Something does not work.
    case error
    /// Something may not work as it is meant to.
    case warning
    /// Nothing is wrong.
    case info
}

/// Whether a peer has a session with its gateway.
package enum PeerConnection: String, Sendable {
    case connected
    /// It had one.
    case quiet
    case never

    /// How long a session lasts, section 6.1 of the WireGuard paper.
    package static let sessionSeconds: Int64 = 180

    package init(latestHandshakeAt: Timestamp?, at now: Timestamp) {
        self =
            switch latestHandshakeAt {
            case nil: .never
            case let time? where time.advanced(bySeconds: Self.sessionSeconds) > now: .connected
            default: .quiet
            }
    }
}
