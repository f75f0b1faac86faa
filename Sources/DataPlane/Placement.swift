import CLinux

/// Which worker carries a network's gateways, and which processor carries a worker.
struct Placement {
    let workers: Int

    /// All gateways of one network share a placement, hence a worker: a packet between them needs
    /// no hand-over.
    func worker(of placement: UInt32) -> Int { Int(placement) % workers }

    /// Nil leaves the choice to the scheduler: a lone worker has no sibling to keep apart from.
    func processor(of worker: Int) -> UInt32? {
        let available = clinux_allowed_processor_count()
        guard workers > 1, available > 1 else { return nil }
        return UInt32(exactly: clinux_allowed_processor(UInt32(worker) % UInt32(available)))
    }
}
