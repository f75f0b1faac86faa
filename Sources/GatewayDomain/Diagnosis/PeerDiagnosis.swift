/// What is known of how a peer does.
package struct PeerDiagnosis: Equatable, Sendable {
    package let peerID: PeerID
    package let gatewayID: GatewayID
    package let checkedAt: Timestamp
    /// Since when packets and handshakes that were refused are remembered: a restart of the server forgets
    /// them.
    package let observedSince: Timestamp
    /// Worst first, and one at least.
    package let findings: [Finding]
    /// The newest kinds of packets of the peer, or for it, that went no further.
    package let drops: [DropObservation]

    package init(
        peerID: PeerID,
        gatewayID: GatewayID,
        checkedAt: Timestamp,
        observedSince: Timestamp,
        findings: [Finding],
        drops: [DropObservation]
    ) {
        self.peerID = peerID
        self.gatewayID = gatewayID
        self.checkedAt = checkedAt
        self.observedSince = observedSince
        self.findings = findings
        self.drops = drops
    }

    /// That of the worst finding.
    package var severity: Severity { findings.map(\.severity).min() ?? .ok }
}
