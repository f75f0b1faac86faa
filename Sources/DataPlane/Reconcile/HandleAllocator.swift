/// Allocates slots, the one released last before any new one, each time with a new generation, so
/// that a released handle finds nothing.
struct HandleAllocator: Sendable {
    private var generations: [UInt32] = []
    private var free: [UInt32] = []

    mutating func allocate() -> (slot: UInt32, generation: UInt32) {
        if let slot = free.popLast() {
            generations[Int(slot)] &+= 1
            return (slot, generations[Int(slot)])
        }
        generations.append(1)
        return (UInt32(generations.count - 1), 1)
    }

    /// Another generation of a slot that stays in use.
    mutating func renew(slot: UInt32) -> UInt32 {
        generations[Int(slot)] &+= 1
        return generations[Int(slot)]
    }

    mutating func release(slot: UInt32) {
        free.append(slot)
    }
}
