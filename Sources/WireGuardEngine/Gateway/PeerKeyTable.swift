import WireGuardCrypto

/// A gateway's peers by public key. It holds handles only, eight bytes to a slot; the keys are in
/// the peers' records, where they are compared. Owner only.
///
/// Linear probing with backward-shift deletion. Keys come from tenants, so their hash is Swift's,
/// which is seeded: a tenant cannot choose keys that collide. The table is never iterated, so the
/// seed changes no result.
struct PeerKeyTable: ~Copyable {
    /// No peer has generation zero.
    private static let free = PeerHandle(slot: 0, generation: 0)

    private let peers: PeerTable
    private var slots: UnsafeMutablePointer<PeerHandle>
    /// A power of two.
    private var capacity: Int
    private var count = 0

    init(of peers: PeerTable) {
        self.peers = peers
        capacity = 8
        slots = Self.makeSlots(capacity)
    }

    deinit { slots.deallocate() }

    func find(_ key: PublicKey) -> PeerPointer? {
        var position = idealSlot(of: key)
        while slots[position] != Self.free {
            if let peer = peers.find(slots[position]), peer.pointee.publicKey == key { return peer }
            position = after(position)
        }
        return nil
    }

    /// The peer is in the table of peers already. One with the same key stays there, but `find` no
    /// longer gives it.
    mutating func insert(_ peer: PeerPointer) {
        precondition(peer.handle != Self.free, "a peer without a generation")
        remove(peer.pointee.publicKey)
        if (count + 1) * 4 > capacity * 3 { grow() }
        place(peer.handle, from: idealSlot(of: peer.pointee.publicKey))
        count += 1
    }

    /// Before the peer leaves the table of peers.
    mutating func remove(_ key: PublicKey) {
        var hole = idealSlot(of: key)
        while true {
            guard slots[hole] != Self.free else { return }
            if peers.find(slots[hole])?.pointee.publicKey == key { break }
            hole = after(hole)
        }
        count -= 1
        var next = after(hole)
        while slots[next] != Self.free {
            // Backward-shift deletion: an entry moves into the hole unless the hole lies before the
            // entry's ideal slot.
            let distance = (next - idealSlot(of: slots[next])) & (capacity - 1)
            if distance >= ((next - hole) & (capacity - 1)) {
                slots[hole] = slots[next]
                hole = next
            }
            next = after(next)
        }
        slots[hole] = Self.free
    }

    private mutating func grow() {
        let (old, oldCapacity) = (slots, capacity)
        capacity *= 2
        slots = Self.makeSlots(capacity)
        for position in 0..<oldCapacity where old[position] != Self.free {
            place(old[position], from: idealSlot(of: old[position]))
        }
        old.deallocate()
    }

    private func place(_ handle: PeerHandle, from ideal: Int) {
        var position = ideal
        while slots[position] != Self.free { position = after(position) }
        slots[position] = handle
    }

    private func idealSlot(of key: PublicKey) -> Int {
        var hasher = Hasher()
        hasher.combine(key)
        return hasher.finalize() & (capacity - 1)
    }

    private func idealSlot(of handle: PeerHandle) -> Int {
        guard let peer = peers.find(handle) else {
            preconditionFailure("a peer leaves this table before its record goes")
        }
        return idealSlot(of: peer.pointee.publicKey)
    }

    private func after(_ position: Int) -> Int { (position + 1) & (capacity - 1) }

    private static func makeSlots(_ capacity: Int) -> UnsafeMutablePointer<PeerHandle> {
        let slots = UnsafeMutablePointer<PeerHandle>.allocate(capacity: capacity)
        slots.initialize(repeating: free, count: capacity)
        return slots
    }
}
