import GatewayDomain
import WireGuardEngine

/// The engine's words for what went wrong, as the control plane has them.
extension PeerObservations {
    init(_ trouble: PeerTrouble) {
        self.init()
        drops = trouble.dropNotes.compactMap { DropObservation($0) }
        unusedAnswers = Occurrences(trouble.unusedAnswers)
        refusedAnswers = Occurrences(trouble.refusedAnswers)
        unansweredCalls = Occurrences(trouble.unansweredCalls)
        backwardClock = trouble.backwardClock.map { clock in
            BackwardClock(
                occurrences: Occurrences(clock.occurrences),
                secondsBehind: Int(clock.secondsBehind),
                isAdvancing: clock.isAdvancing,
                source: clock.source
            )
        }
        clockOffset = trouble.clockOffset.map { Int($0) }
        moves = trouble.moves.map { moves in
            EndpointMoves(
                occurrences: Occurrences(moves.occurrences),
                returns: Occurrences(moves.returns),
                from: moves.from,
                to: moves.to,
                silence: Int(clamping: moves.silence),
                followsUnansweredCalls: moves.followsUnansweredCalls
            )
        }
    }
}

extension PeerObservations.Occurrences {
    fileprivate init(_ occurrences: PeerTrouble.Occurrences) {
        self.init(
            count: Int(clamping: occurrences.count),
            last: occurrences.last.map(Timestamp.init)
        )
    }
}

extension DropObservation {
    /// Nil for reasons that are not a packet's, which the engine counts and does not note.
    fileprivate init?(_ note: DropNote) {
        guard let reason = DropCause(note.reason) else { return nil }
        self.init(
            reason: reason,
            source: note.flow?.source,
            destination: note.flow?.destination,
            count: Int(clamping: note.count),
            last: Timestamp(note.last),
            length: note.length,
            mtu: note.exceededMTU > 0 ? note.exceededMTU : nil
        )
    }
}

extension DropCause {
    fileprivate init?(_ reason: DropReason) {
        switch reason {
        case .malformedPacket: self = .malformedPacket
        case .sourceNotAllowed: self = .sourceNotAllowed
        // Both: nothing leads there now.
        case .noRoute, .linkDown: self = .noRoute
        case .egressNotAllowed: self = .egressNotAllowed
        case .hopLimitExceeded: self = .hopLimitExceeded
        case .tooBig: self = .tooBig
        case .noEndpoint: self = .targetUnknown
        case .stagingFull: self = .notAnswered
        case .notForwarded: self = .notForwarded
        case .badChecksum: self = .badChecksum
        case .rateExceeded: self = .rateExceeded
        case .gatewayRateExceeded: self = .gatewayRateExceeded
        case .organizationRateExceeded: self = .organizationRateExceeded
        case .quotaUsedUp: self = .quotaUsedUp
        case .gatewayQuotaUsedUp: self = .gatewayQuotaUsedUp
        case .organizationQuotaUsedUp: self = .organizationQuotaUsedUp
        case .connectedPeersExceeded: self = .connectedPeersExceeded
        case .malformedMessage, .unknownReceiver, .forged, .replayed, .expiredSession, .badMAC1,
            .cookieRequired, .handshakeRateLimited, .unknownPeer, .staleInitiation,
            .unexpectedHandshake, .batchFull, .spoofedSource, .martian, .unsolicited,
            .transitNotAllowed:
            return nil
        }
    }
}

extension StrangerObservation {
    init(_ stranger: Stranger) {
        let mistake: Mistake =
            switch stranger.mistake {
            case .wrongGatewayKey: .wrongGatewayKey
            case .unknownKey(let key): .unknownKey(key)
            }
        self.init(
            mistake: mistake,
            endpoint: stranger.endpoint,
            count: Int(clamping: stranger.count),
            last: Timestamp(stranger.last)
        )
    }
}

extension Timestamp {
    init(_ wall: WallTime) {
        self.init(microseconds: Int64(clamping: wall.nanoseconds / 1_000))
    }
}
