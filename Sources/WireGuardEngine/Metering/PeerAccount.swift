import Synchronization

/// What is counted of a peer, and what of its limits is left. The first packet makes it, as most peers of a large gateway are idle; the control side
/// gives it to the peer's next installation, which counts on.
///
/// Workers charge it once per run of packets and kind, under a lock of its own: packets and bytes of a reading belong
/// together. A leaf in the order of locks.
public final class PeerAccount: Sendable {
    private struct Charges {
        var usage = Usage()
        /// Charged since it was last taken.
        var isDue = false
        var allowance = Allowance()
    }

    /// The installation that it began with.
    public let counting: PeerHandle
    private let charges = Lock(Charges())
    /// Whether there are limits, told without the lock.
    private let hasLimits = Atomic(false)

    public init(of peer: PeerHandle) {
        counting = peer
    }

    /// True where nothing was new before: the next report has to have the peer.
    @inline(__always)
    func charge(_ count: PacketCount, _ direction: Usage.Direction, _ kind: TrafficKind) -> Bool {
        charges.withLock { charges in
            charges.usage[direction, kind] = charges.usage[direction, kind] + count
            guard !charges.isDue else { return false }
            charges.isDue = true
            return true
        }
    }

    /// Other limits, or none. Nothing is filled up by rates that are as they were, and what is left of a quota stays.
    func limit(to limits: PeerLimits?) {
        change { $0.adopt(limits?.rates ?? Rates(), limits?.quota, at: $1) }
    }

    /// What is left of the quota is known anew; nil ends it. On any thread.
    public func setQuota(_ quota: Quota?) { change { $0.set(quota, at: $1) } }

    @inline(__always)
    var isLimited: Bool { hasLimits.load(ordering: .relaxed) }

    /// Keeps of the packets those that are within the limits.
    func limit(
        _ run: inout LimitedRun,
        _ direction: Usage.Direction,
        at now: Instant
    ) -> RefusedPackets {
        guard isLimited else { return RefusedPackets() }
        return charges.withLock { charges in
            var allowance = charges.allowance
            let outcome = run.keep { allowance.take($0, direction, at: now) }
            charges.allowance = allowance
            return outcome.refused
        }
    }

    /// Packets that were within the limits are not forwarded after all.
    func giveBack(_ count: PacketCount, _ direction: Usage.Direction) {
        guard isLimited else { return }
        charges.withLock { $0.allowance.giveBack(count.bytes, direction) }
    }

    private func change(_ body: (inout Allowance, Reading) -> Void) {
        charges.withLock { charges in
            let counted = charges.usage.total.bytes
            body(&charges.allowance, Reading(counting: Counting(counting), counted: counted))
            hasLimits.store(!charges.allowance.isEmpty, ordering: .relaxed)
        }
    }

    /// Since the counting began.
    public var usage: Usage { charges.withLock { $0.usage } }

    /// The same, where it has grown since the last call.
    public func takeNewUsage() -> Usage? {
        charges.withLock { charges in
            guard charges.isDue else { return nil }
            charges.isDue = false
            return charges.usage
        }
    }
}

/// A peer whose account a worker was the first to charge since that was last taken, or has made.
public struct ChargedPeer: Sendable {
    public let peer: PeerHandle
    /// Where this worker has made it.
    public let newAccount: PeerAccount?
}

extension Unmanaged<PeerAccount> {
    /// Nil for zero bits.
    @inline(__always)
    static func known(_ bits: UInt) -> Unmanaged<PeerAccount>? {
        UnsafeRawPointer(bitPattern: bits).map { .fromOpaque($0) }
    }

    fileprivate var bits: UInt { UInt(bitPattern: toOpaque()) }
}

extension PeerRecord {
    /// Before any worker sees the record.
    func adopt(_ account: PeerAccount) {
        self.account.store(Unmanaged.passRetained(account).bits, ordering: .releasing)
    }
}

extension PeerPointer {
    @inline(__always)
    var account: Unmanaged<PeerAccount>? {
        .known(pointee.account.load(ordering: .acquiring))
    }
}

extension Engine {
    /// Several workers may want it at once: the first one's counts.
    @inline(never)
    mutating func makeAccount(of peer: PeerPointer) -> Unmanaged<PeerAccount> {
        let account = PeerAccount(of: peer.handle)
        let made = Unmanaged.passRetained(account)
        let (isFirst, present) = peer.pointee.account.compareExchange(
            expected: 0,
            desired: made.bits,
            ordering: .acquiringAndReleasing
        )
        if !isFirst, let known = Unmanaged<PeerAccount>.known(present) {
            made.release()
            return known
        }
        chargedPeers.append(ChargedPeer(peer: peer.handle, newAccount: account))
        return made
    }

    /// Those that the next report has to have.
    public mutating func takeChargedPeers() -> [ChargedPeer] {
        defer { chargedPeers.removeAll() }
        return chargedPeers
    }
}
