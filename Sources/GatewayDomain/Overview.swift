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
