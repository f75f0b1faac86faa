import GatewayDomain

/// Limits of a peer, of its gateway and of its organization, which packets from it and to it meet alike.
extension PeerEvidence {
    /// A packet beyond a rate is dropped, and the next one may pass.
    func limitStep(_ condition: PathStep.Condition) -> PathStep {
        let found = limitFindings.filter(isPresent).worstFirst(\.severity)
        guard let worst = found.first else {
            return PathStep(condition, .ok, "No limit keeps packets of \(title) back.")
        }
        return PathStep(
            condition,
            worst.severity == .error ? .failed : .unknown,
            found.map(\.message).joined(separator: " "),
            nextStep: worst.nextStep
        )
    }

    /// Whether it says something of a packet that is sent now. Which limit refuses sessions stands with the session.
    private func isPresent(_ finding: Finding) -> Bool {
        switch finding.code {
        case .connectedPeersExceeded: false
        case .rateExceeded:
            finding.lastAt.map { seconds(since: $0) < Self.rateSeconds } ?? false
        default: finding.severity <= .warning
        }
    }

    /// How long packets that exceeded a rate tell of the next one.
    private static let rateSeconds = 60
}
