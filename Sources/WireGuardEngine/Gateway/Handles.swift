/// Names a gateway across modules and threads. A stale handle finds nothing: a slot that is used
/// again has another generation.
@frozen
public struct GatewayHandle: Hashable, Sendable {
    public let slot: UInt32
    public let generation: UInt32

    @inlinable
    public init(slot: UInt32, generation: UInt32) {
        self.slot = slot
        self.generation = generation
    }
}

/// Names a peer in the same way. Slots are chosen by the caller and should be dense: memory is
/// proportional to the highest slot in use.
@frozen
public struct PeerHandle: Hashable, Sendable {
    public let slot: UInt32
    public let generation: UInt32

    @inlinable
    public init(slot: UInt32, generation: UInt32) {
        self.slot = slot
        self.generation = generation
    }
}
