import WireGuardEngine

/// A link that is desired, and its place among the next-hop groups of its network.
struct CarriedLink {
    var desired: DesiredLink
    /// Of its group in the network's views, as long as it is desired in that network.
    let index: UInt32
    /// Which way its packets take; the groups of all views share it.
    let choice: PathChoice
}

/// The links of a network.
struct NetworkLinks {
    private(set) var byIndex: [UInt32: DesiredLink.ID] = [:]
    private var indexes = HandleAllocator()

    mutating func add(_ id: DesiredLink.ID) -> UInt32 {
        let (index, _) = indexes.allocate()
        byIndex[index] = id
        return index
    }

    mutating func remove(_ index: UInt32, of id: DesiredLink.ID) {
        guard byIndex[index] == id else { return }
        byIndex[index] = nil
        indexes.release(slot: index)
    }
}

/// What a next-hop group is made of; where this is the same, the group is.
struct GroupContent: Equatable {
    let id: DesiredLink.ID
    let remote: UInt32
    let lanes: [NextHopGroup.Lane?]
}
