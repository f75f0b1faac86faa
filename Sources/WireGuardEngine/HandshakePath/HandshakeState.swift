/// The handshake that we start with a peer, §6.4.
///
/// | state | what happens | next state |
/// | --- | --- | --- |
/// | idle | a session is wanted, REKEY_TIMEOUT after the last initiation | underWay, first attempt |
/// | idle | a session is wanted, earlier | due |
/// | due, underWay | its time has come | underWay, next attempt |
/// | due, underWay | its time has come after REKEY_ATTEMPT_TIME | idle |
/// | due, underWay | an initiation cannot be written | due, next attempt |
/// | underWay | the peer answers, or uses a session that it has started | idle |
/// | due | the peer uses a session that it has started | idle |
/// | underWay | keys are erased | due, same time and attempt |
/// | any | the peer is removed | idle |
///
/// An initiation under way is also in the gateway's `pendingInitiations`: `Engine.forgetPending` removes it
/// from both.
enum HandshakeState {
    case idle
    /// Wanted; nothing that was sent can be answered.
    case due(at: Instant, attempts: Int)
    /// Sent, and sent again at `retryAt`.
    case underWay(InitiatorHandshake, retryAt: Instant, attempts: Int)

    var isIdle: Bool { if case .idle = self { true } else { false } }

    var pending: InitiatorHandshake? {
        if case .underWay(let handshake, _, _) = self { handshake } else { nil }
    }

    /// Initiations sent since a session was wanted.
    var attempts: Int {
        switch self {
        case .idle: 0
        case .due(_, let attempts), .underWay(_, _, let attempts): attempts
        }
    }

    /// The timer of that name in `PeerTimers.swift`; `never` when idle.
    var retransmitHandshake: Instant {
        switch self {
        case .idle: .never
        case .due(let due, _): due
        case .underWay(_, let due, _): due
        }
    }

    /// The initiation under way is of no use any more, and the next one goes at the same time.
    mutating func losePending() {
        self = .due(at: retransmitHandshake, attempts: attempts)
    }
}
