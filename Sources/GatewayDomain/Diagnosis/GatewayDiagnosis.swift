/// What is known of how a gateway does, and of senders of handshakes that are none of its peers.
package struct GatewayDiagnosis: Equatable, Sendable {
    package let gatewayID: GatewayID
    package let checkedAt: Timestamp
    /// Since when handshakes that were refused are remembered: a restart of the server forgets them.
    package let observedSince: Timestamp
    /// Worst first, and one at least.
    package let findings: [Finding]

    package init(
        gatewayID: GatewayID,
        checkedAt: Timestamp,
        observedSince: Timestamp,
        findings: [Finding]
    ) {
        self.gatewayID = gatewayID
        self.checkedAt = checkedAt
        self.observedSince = observedSince
        self.findings = findings
    }

    /// That of the worst finding.
    package var severity: Severity { findings.map(\.severity).min() ?? .ok }
}
