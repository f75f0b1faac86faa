import Synchronization
import WireGuardCrypto

typealias SessionPointer = UnsafeMutablePointer<Session>

/// The keys and counters that one handshake made, §5.4.5. It is allocated once and found through
/// the gateway's `SessionTable`; everything that several workers may touch is immutable, atomic or
/// behind the window's lock.
struct Session: ~Copyable {
    /// Removed only after its sessions, so it is there as long as the session is.
    let peer: PeerPointer
    let localIndex: UInt32
    let remoteIndex: UInt32
    let isInitiator: Bool
    let createdAt: Instant
    let sending: ChaCha20Poly1305
    let receiving: ChaCha20Poly1305
    /// The counter of the next packet sent. A run of packets reserves its counters with one add.
    let sendCounter = Atomic<UInt64>(0)
    /// Whether the peer has used it; as responder we do not use it before, §5.4.5.
    let isConfirmed: Atomic<Bool>
    /// When a worker last asked the owner for its successor, in nanoseconds; see `mayAskForRenewal`.
    private let renewalAsked = Atomic<UInt64>(0)
    /// Taken once per run; uncontended unless the peer's packets arrive on two workers at once.
    let window = Lock(ReplayWindow())

    init(
        peer: PeerPointer,
        localIndex: UInt32,
        remoteIndex: UInt32,
        isInitiator: Bool,
        createdAt: Instant,
        sending: consuming ChaCha20Poly1305,
        receiving: consuming ChaCha20Poly1305
    ) {
        self.peer = peer
        self.localIndex = localIndex
        self.remoteIndex = remoteIndex
        self.isInitiator = isInitiator
        self.createdAt = createdAt
        self.sending = sending
        self.receiving = receiving
        isConfirmed = Atomic(isInitiator)
    }

    @inline(__always)
    func isExpired(at now: Instant) -> Bool {
        now.since(createdAt) >= Constant.rejectAfterTime
    }

    /// Whether it may seal one more packet.
    @inline(__always)
    func maySend(at now: Instant) -> Bool {
        !isExpired(at: now)
            && sendCounter.load(ordering: .relaxed) < Constant.rejectAfterMessages
    }

    /// §6.2: an initiator renews a session that it sends with before it gets too old.
    @inline(__always)
    func isDueForRenewal(at now: Instant) -> Bool {
        isInitiator && now.since(createdAt) >= Constant.rekeyAfterTime
            || sendCounter.load(ordering: .relaxed) >= Constant.rekeyAfterMessages
    }

    /// True once a second, so that a run of packets does not ask again for what is under way.
    func mayAskForRenewal(at now: Instant) -> Bool {
        let last = renewalAsked.load(ordering: .relaxed)
        guard last == 0 || now.nanoseconds &- last >= 1_000_000_000 else { return false }
        renewalAsked.store(now.nanoseconds, ordering: .relaxed)
        return true
    }

    /// Reserves `count` counters and gives the first of them, or nil when they would pass
    /// REJECT_AFTER_MESSAGES: a nonce is never used twice.
    @inline(__always)
    func reserveCounters(_ count: UInt64) -> UInt64? {
        let first = sendCounter.wrappingAdd(count, ordering: .relaxed).oldValue
        guard first < Constant.rejectAfterMessages,
            count <= Constant.rejectAfterMessages - first
        else {
            // Stay at the end: later adds must not wrap to small numbers.
            sendCounter.store(Constant.rejectAfterMessages, ordering: .relaxed)
            return nil
        }
        return first
    }
}

extension SessionPointer {
    @inline(__always)
    var peer: PeerPointer { pointee.peer }
}
