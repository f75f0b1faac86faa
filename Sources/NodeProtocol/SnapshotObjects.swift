extension NodeSnapshot {
    package var objects: SnapshotObjects { SnapshotObjects(self) }
}

/// What is in a snapshot, each once, gateways before their peers. They are made one at a time: all of them would take
/// the memory of the snapshot several times over.
package struct SnapshotObjects: RandomAccessCollection, Sendable {
    private let snapshot: NodeSnapshot

    fileprivate init(_ snapshot: NodeSnapshot) {
        self.snapshot = snapshot
    }

    package var startIndex: Int { 0 }

    package var endIndex: Int {
        snapshot.gateways.count + snapshot.peers.count + snapshot.links.count
            + snapshot.distantLinks.count + snapshot.leftOut.count
    }

    package subscript(position: Int) -> NodeChange {
        var place = position
        func isAmong(_ count: Int) -> Bool {
            if place < count { return true }
            place -= count
            return false
        }
        if isAmong(snapshot.gateways.count) { return .gatewayPut(snapshot.gateways[place]) }
        if isAmong(snapshot.peers.count) { return .peerPut(snapshot.peers[place]) }
        if isAmong(snapshot.links.count) { return .linkPut(snapshot.links[place]) }
        if isAmong(snapshot.distantLinks.count) {
            return .distantLinkPut(snapshot.distantLinks[place])
        }
        return snapshot.leftOut[place]
    }
}
