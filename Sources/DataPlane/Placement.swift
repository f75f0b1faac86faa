import CLinux

/// Whether each worker stays on a processor of its own.
public enum Pinning: Sendable {
    case always
    /// Only with more than one worker, to keep them apart.
    case whenSeveral
    /// The scheduler chooses.
    case never
}

/// Which worker owns the gateways of a network, and which processor a worker runs on.
struct Placement {
    let workers: Int
    var pinning = Pinning.whenSeveral

    /// All gateways of one network share a placement, hence an owner: packets between them look peers
    /// up in one `PeerTable`.
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
