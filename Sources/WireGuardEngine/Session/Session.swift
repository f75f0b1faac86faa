import Synchronization
import WireGuardCrypto

typealias SessionPointer = UnsafeMutablePointer<Session>

/// The keys and counters that one handshake made, §5.4.5. It is allocated once and found through
/// the gateway's `SessionTable`; everything that several workers may touch is immutable, atomic or
/// behind the window's lock.
struct Session: ~Copyable {
    let peer: PeerHandle
    let localIndex: UInt32
    let remoteIndex: UInt32
    let isInitiator: Bool
    let createdAt: Instant
    let sending: ChaCha20Poly1305
    let receiving: ChaCha20Poly1305
    /// The counter of the next packet sent. A run of packets reserves its counters with one add.
    let sendCounter = Atomic<UInt64>(0)
    /// Taken once per run; uncontended unless the peer's packets arrive on two workers at once.
    let window = Mutex(ReplayWindow())

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
