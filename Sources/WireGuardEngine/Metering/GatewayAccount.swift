import Synchronization

/// What is counted of a gateway, and the rates of all its peers together: the sums of its peers, those that are gone included, counted apart from them. The
/// control side makes it, and gives it to the gateway again where that is opened anew.
///
/// Each worker has a part of its own, which it alone writes, so that no two contend for a cache line; any thread reads.
public final class GatewayAccount: Sendable {
    /// Of one worker: packets and bytes, by direction and kind. Two cache lines.
    private static let stride = 16

    let workers: Int
    private let parts: Parts
    private let buckets = Lock(RateBuckets())
    /// Whether there are rates, told without the lock.
    private let hasRates = Atomic(false)

    /// Memory of atomic words.
    private struct Parts: @unchecked Sendable {
        let words: UnsafeMutablePointer<Atomic<UInt64>>
    }

    public init(workers: Int = 1) {
        precondition(workers > 0)
        self.workers = workers
        let count = workers * Self.stride
        let words = UnsafeMutableRawPointer.allocate(
            byteCount: count * MemoryLayout<Atomic<UInt64>>.stride,
            alignment: 128
        ).bindMemory(to: Atomic<UInt64>.self, capacity: count)
        for index in 0..<count { (words + index).initialize(to: Atomic(0)) }
        parts = Parts(words: words)
    }

    deinit {
        parts.words.deinitialize(count: workers * Self.stride)
        parts.words.deallocate()
    }

    @inline(__always)
    func charge(
        _ count: PacketCount,
        _ direction: Usage.Direction,
        _ kind: TrafficKind,
        by worker: Int
    ) {
        let word = parts.words + worker * Self.stride + Self.place(direction, kind)
        Self.add(count.packets, to: word)
        Self.add(count.bytes, to: word + 1)
    }

    /// Other rates, or none. Packets see them at once.
    public func limit(to rates: Rates) {
        let isEmpty = buckets.withLock { buckets in
            buckets.change(to: rates)
            return buckets.isEmpty
        }
        hasRates.store(!isEmpty, ordering: .relaxed)
    }

    @inline(__always)
    var isLimited: Bool { hasRates.load(ordering: .relaxed) }

    /// Keeps of the packets those that are within the rates.
    func limit(_ run: inout LimitedRun, _ direction: Usage.Direction, at now: Instant) {
        guard isLimited else { return }
        buckets.withLock { buckets in
            run.keep { length in
                switch buckets.take(length, direction, at: now) {
                case .passes: .passes
                case .passesMarked: .passesMarked
                case .exceeds: .refused(.gatewayRateExceeded)
                }
            }
        }
    }

    /// Of all workers, since the account was made. Exact when no packet is under way.
    public var usage: Usage {
        var usage = Usage()
        for worker in 0..<workers {
            for kind in TrafficKind.allCases {
                usage.received[kind] = usage.received[kind] + count(.received, kind, of: worker)
                usage.sent[kind] = usage.sent[kind] + count(.sent, kind, of: worker)
            }
        }
        return usage
    }

    private func count(
        _ direction: Usage.Direction,
        _ kind: TrafficKind,
        of worker: Int
    ) -> PacketCount {
        let word = parts.words + worker * Self.stride + Self.place(direction, kind)
        return PacketCount(
            packets: word[0].load(ordering: .relaxed),
            bytes: word[1].load(ordering: .relaxed)
        )
    }

    @inline(__always)
    private static func place(_ direction: Usage.Direction, _ kind: TrafficKind) -> Int {
        (direction == .received ? 0 : stride / 2) + 2 * Int(kind.rawValue)
    }

    /// Of a word that no other thread writes.
    @inline(__always)
    private static func add(_ count: UInt64, to word: UnsafeMutablePointer<Atomic<UInt64>>) {
        word.pointee.store(word.pointee.load(ordering: .relaxed) &+ count, ordering: .relaxed)
    }
}
