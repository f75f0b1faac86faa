import CLinux

/// Whether each worker stays on a processor of its own.
public enum Pinning: Sendable {
    case always
    /// A lone worker has no sibling to keep apart from.
    case whenSeveral
    /// The scheduler chooses.
    case never
}

/// Which worker is the home of a network's gateways, and which processor carries a worker.
struct Placement {
    let workers: Int
    var pinning = Pinning.whenSeveral

    /// All gateways of one network share a placement, hence a home, which frees their tables.
    func worker(of placement: UInt32) -> Int { Int(placement) % workers }

    /// Nil leaves the choice to the scheduler.
    func processor(of worker: Int) -> UInt32? {
        let available = clinux_allowed_processor_count()
        guard isPinning, available > 0 else { return nil }
        return UInt32(exactly: clinux_allowed_processor(UInt32(worker) % UInt32(available)))
    }

    private var isPinning: Bool {
        switch pinning {
        case .always: true
        case .whenSeveral: workers > 1 && clinux_allowed_processor_count() > 1
        case .never: false
        }
    }
}
