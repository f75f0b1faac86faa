import Synchronization

/// The limits of all peers of a gateway together, or of all gateways of an organization on this node, and what is left of
/// them. The control side makes it, and gives a gateway's to the gateway again where that is opened anew.
///
/// Any thread changes limits, and packets see them at once. What has no limits costs a packet nothing here, and is not
/// counted either: what was forwarded is counted of peers. A leaf in the order of locks.
public final class SharedAccount: Sendable {
    private struct Guarded {
        var allowance = Allowance()
        /// Inner bytes that were within the limits, while there was a quota.
        var counted: UInt64 = 0
        /// The accounts that this one is the whole of, as long as they are there.
        var parts: [Unmanaged<SharedAccount>] = []
    }

    /// Whose limits hold, which is told without a lock.
    private enum Limited {
        static let own: UInt8 = 1
        static let whole: UInt8 = 2
    }

    public let counting: Counting
    /// The account of the gateway's organization; nil for that itself, and for a gateway of none.
    let whole: SharedAccount?
    private let state = Lock(Guarded())
    private let limited = Atomic<UInt8>(0)
    private let room = ConnectionRoom()

    public init(counting: Counting = Counting(0), within whole: SharedAccount? = nil) {
        self.counting = counting
        self.whole = whole
        whole?.add(self)
    }

    deinit { whole?.remove(self) }

    /// Other limits. Nothing is filled up by rates that are as they were, and what is left of a quota stays.
    public func limit(to limits: SharedLimits) {
        room.limit(to: limits.connectedPeers)
        change { $0.adopt(limits.rates, limits.quota, at: $1) }
    }

    /// What is left of the quota is known anew; nil ends it.
    public func setQuota(_ quota: Quota?) { change { $0.set(quota, at: $1) } }

    /// What was counted; nil without a quota.
    public var reading: Reading? {
        guard isOwnLimited else { return nil }
        return state.withLock { state in
            guard state.allowance.hasQuota else { return nil }
            return Reading(counting: counting, counted: state.counted)
        }
    }

    /// Whether this account or its whole has limits of what is forwarded. Read once per run of packets.
    @inline(__always)
    var isLimited: Bool { limited.load(ordering: .relaxed) != 0 }

    /// Keeps of the packets those that are within this account's own limits.
    func limit(
        _ run: inout LimitedRun,
        _ direction: Usage.Direction,
        at now: Instant
    ) -> RefusedPackets {
        guard isOwnLimited else { return RefusedPackets() }
        return state.withLock { state in
            var allowance = state.allowance
            let outcome = run.keep { allowance.take($0, direction, at: now) }
            state.allowance = allowance
            if allowance.hasQuota { state.counted &+= outcome.taken }
            return outcome.refused
        }
    }

    /// Packets that were within this account's own limits are not forwarded after all.
    func giveBack(_ count: PacketCount, _ direction: Usage.Direction) {
        guard isOwnLimited else { return }
        state.withLock { state in
            state.allowance.giveBack(count.bytes, direction)
            // A quota may be newer than the packets.
            state.counted -= min(state.counted, count.bytes)
        }
    }

    private var isOwnLimited: Bool { limited.load(ordering: .relaxed) & Limited.own != 0 }

    private func change(_ body: (inout Allowance, Reading) -> Void) {
        state.withLock { state in
            body(&state.allowance, Reading(counting: counting, counted: state.counted))
            let isLimited = !state.allowance.isEmpty
            note(isLimited, Limited.own)
            for part in state.parts {
                part._withUnsafeGuaranteedRef { $0.note(isLimited, Limited.whole) }
            }
        }
    }

    private func note(_ isLimited: Bool, _ whose: UInt8) {
        if isLimited {
            limited.bitwiseOr(whose, ordering: .relaxed)
        } else {
            limited.bitwiseAnd(~whose, ordering: .relaxed)
        }
    }

    private func add(_ part: SharedAccount) {
        state.withLock { state in
            state.parts.append(.passUnretained(part))
            part.note(!state.allowance.isEmpty, Limited.whole)
        }
    }

    private func remove(_ part: SharedAccount) {
        state.withLock { state in
            state.parts.removeAll { $0.toOpaque() == Unmanaged.passUnretained(part).toOpaque() }
        }
    }
}

// Peers that are connected

extension SharedAccount {
    /// How many are.
    public var connectedPeers: Int { room.taken }

    /// Whether one more may be, as far as this account and its whole go.
    var hasRoom: Bool { room.isLeft && whole?.room.isLeft ?? true }

    /// False, and nothing is changed, where as many are connected as may be.
    func connect() -> Bool {
        guard room.take() else { return false }
        if let whole, !whole.room.take() {
            room.giveBack()
            return false
        }
        return true
    }

    func disconnect() {
        room.giveBack()
        whole?.room.giveBack()
    }
}

/// How many peers are connected, and may be. Gateways of one organization may have several owners, which take room at
/// the same time. What is taken stays so where there may be fewer from then on.
private struct ConnectionRoom: ~Copyable {
    private let count = Atomic(0)
    private let most = Atomic(Int.max)

    func limit(to most: Int?) { self.most.store(most ?? .max, ordering: .relaxed) }

    var taken: Int { count.load(ordering: .relaxed) }

    var isLeft: Bool { taken < most.load(ordering: .relaxed) }

    func take() -> Bool {
        var known = taken
        while known < most.load(ordering: .relaxed) {
            let (isTaken, present) = count.weakCompareExchange(
                expected: known,
                desired: known + 1,
                ordering: .relaxed
            )
            if isTaken { return true }
            known = present
        }
        return false
    }

    func giveBack() { count.wrappingSubtract(1, ordering: .relaxed) }
}
