package import NetAddress

/// What a node saw go wrong with a peer since it carries it. What is counted since the last complete
/// handshake is over with the next one.
package struct PeerObservations: Equatable, Sendable {
    /// The newest kinds of packets that went no further.
    package var drops: [DropObservation] = []
    /// Initiations of the peer that were answered, where the peer did not go on with the answer. Since the
    /// last complete handshake.
    package var unusedAnswers = Occurrences()
    /// Answers of the peer to the gateway's initiations that could not be opened. Since the last complete
    /// handshake.
    package var refusedAnswers = Occurrences()
    /// Initiations of the gateway that the peer did not answer. Since the last complete handshake.
    package var unansweredCalls = Occurrences()
    /// Nil while the time stamps of the peer's initiations go forward.
    package var backwardClock: BackwardClock?
    /// By how many seconds the peer's clock was ahead of the gateway's at the last accepted initiation,
    /// where it is more than a minute; negative for one that is behind.
    package var clockOffset: Int?
    package var moves: EndpointMoves?

    package init() {}

    /// How often something happened, and when it last did.
    package struct Occurrences: Equatable, Sendable {
        package let count: Int
        package let last: Timestamp?

        package init(count: Int = 0, last: Timestamp? = nil) {
            self.count = count
            self.last = last
        }
    }

    /// Initiations whose time stamps are not later than one that was accepted.
    package struct BackwardClock: Equatable, Sendable {
        package let occurrences: Occurrences
        /// How far the newest is behind the newest accepted one.
        package let secondsBehind: Int
        /// Each stamp is later than the one before, as from a clock that runs.
        package let isAdvancing: Bool
        /// Where the newest came from; nil where that is not known.
        package let source: Endpoint?

        package init(
            occurrences: Occurrences,
            secondsBehind: Int,
            isAdvancing: Bool,
            source: Endpoint? = nil
        ) {
            self.occurrences = occurrences
            self.secondsBehind = secondsBehind
            self.isAdvancing = isAdvancing
            self.source = source
        }
    }

    /// How often the peer was heard from another address or port than before, and its last move.
    package struct EndpointMoves: Equatable, Sendable {
        package let occurrences: Occurrences
        /// Moves to where the move before had come from.
        package let returns: Occurrences
        package let from: Endpoint
        package let to: Endpoint
        /// How long nothing was heard before, in seconds.
        package let silence: Int
        /// The gateway had called the peer in vain before.
        package let followsUnansweredCalls: Bool

        package init(
            occurrences: Occurrences,
            returns: Occurrences = Occurrences(),
            from: Endpoint,
            to: Endpoint,
            silence: Int,
            followsUnansweredCalls: Bool
        ) {
            self.occurrences = occurrences
            self.returns = returns
            self.from = from
            self.to = to
            self.silence = silence
            self.followsUnansweredCalls = followsUnansweredCalls
        }
    }
}

/// Packets of a peer that went no further, for one reason and between the same two inner addresses.
package struct DropObservation: Equatable, Sendable {
    package let reason: DropCause
    /// The inner addresses; nil where there is no well-formed packet.
    package let source: IPAddress?
    package let destination: IPAddress?
    package let count: Int
    package let last: Timestamp
    /// Of the newest packet, in bytes.
    package let length: Int
    /// The MTU that the newest packet exceeded; nil for every other reason.
    package let mtu: Int?

    package init(
        reason: DropCause,
        source: IPAddress?,
        destination: IPAddress?,
        count: Int,
        last: Timestamp,
        length: Int,
        mtu: Int? = nil
    ) {
        self.reason = reason
        self.source = source
        self.destination = destination
        self.count = count
        self.last = last
        self.length = length
        self.mtu = mtu
    }
}

/// Why a packet went no further, as a word for programs.
package enum DropCause: String, CaseIterable, Sendable {
    case malformedPacket = "malformed_packet"
    case sourceNotAllowed = "source_not_allowed"
    case noRoute = "no_route"
    /// To an address outside of the network that the gateway does not lead to.
    case egressNotAllowed = "egress_not_allowed"
    case hopLimitExceeded = "hop_limit_exceeded"
    case tooBig = "too_big"
    /// Its target was never heard.
    case targetUnknown = "target_unknown"
    /// It waited for the peer that it is noted at, which did not answer.
    case notAnswered = "not_answered"
    /// For the gateway's own address, and not an echo request.
    case notForwarded = "not_forwarded"
    case badChecksum = "bad_checksum"
    /// Beyond a rate or a quota: the peer's own, and those of its gateway and its organization.
    case rateExceeded = "rate_exceeded"
    case gatewayRateExceeded = "gateway_rate_exceeded"
    case organizationRateExceeded = "organization_rate_exceeded"
    case quotaUsedUp = "quota_used_up"
    case gatewayQuotaUsedUp = "gateway_quota_used_up"
    case organizationQuotaUsedUp = "organization_quota_used_up"
    /// A handshake, where as many peers were connected as may be.
    case connectedPeersExceeded = "connected_peers_exceeded"
}
