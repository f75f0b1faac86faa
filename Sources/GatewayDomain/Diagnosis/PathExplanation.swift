/// What becomes of a packet from one peer to another, step by step.
package struct PathExplanation: Equatable, Sendable {
    package let networkID: NetworkID
    package let from: PathEnd
    package let to: PathEnd
    package let checkedAt: Timestamp
    /// In the order in which a packet takes them.
    package let steps: [PathStep]

    package init(
        networkID: NetworkID,
        from: PathEnd,
        to: PathEnd,
        checkedAt: Timestamp,
        steps: [PathStep]
    ) {
        self.networkID = networkID
        self.from = from
        self.to = to
        self.checkedAt = checkedAt
        self.steps = steps
    }

    /// Of all steps together: a packet needs every one of them.
    package var outcome: PathStep.Outcome {
        let outcomes = steps.map(\.outcome)
        if outcomes.contains(.failed) { return .failed }
        return outcomes.contains(.unknown) ? .unknown : .ok
    }
}

/// Where a packet comes from or goes to.
package struct PathEnd: Equatable, Sendable {
    /// Nil for an address that belongs to no peer.
    package let peerID: PeerID?
    package let name: String?
    /// Inside the tunnel.
    package let address: String

    package init(peerID: PeerID?, name: String?, address: String) {
        self.peerID = peerID
        self.name = name
        self.address = address
    }
}

/// One condition of a packet's way.
package struct PathStep: Equatable, Sendable {
    package let condition: Condition
    package let outcome: Outcome
    /// One or two whole sentences.
    package let message: String
    /// What to do, as a whole sentence; nil where nothing has to be done.
    package let nextStep: String?

    package init(
        _ condition: Condition,
        _ outcome: Outcome,
        _ message: String,
        nextStep: String? = nil
    ) {
        self.condition = condition
        self.outcome = outcome
        self.message = message
        self.nextStep = nextStep
    }

    package enum Condition: String, CaseIterable, Sendable {
        case sourceConfig = "source_config"
        case sourceSession = "source_session"
        case sourceGateway = "source_gateway"
        case sourceCheck = "source_check"
        case sourceLimits = "source_limits"
        case route = "route"
        case wayOut = "way_out"
        case mtu = "mtu"
        case link = "link"
        case targetGateway = "target_gateway"
        case targetEndpoint = "target_endpoint"
        case targetSession = "target_session"
        case targetLimits = "target_limits"
        case targetConfig = "target_config"
    }

    package enum Outcome: String, CaseIterable, Sendable {
        case ok
        case failed
        /// The server cannot know.
        case unknown
    }
}
