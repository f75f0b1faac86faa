public import NetAddress

/// Packets of a peer that went no further, of one reason and between the same two inner addresses.
public struct DropNote: Sendable {
    public let reason: DropReason
    /// The inner addresses; nil for what holds no well-formed packet.
    public let flow: Flow?
    public internal(set) var count: UInt64 = 1
    public internal(set) var last: WallTime
    /// Of the newest packet, in bytes, without WireGuard's padding.
    public internal(set) var length: Int
    /// The MTU that the newest packet exceeded; zero for every other reason.
    public internal(set) var exceededMTU: Int

    public struct Flow: Hashable, Sendable {
        public let source: IPAddress
        public let destination: IPAddress
    }
}

/// The newest kinds of dropped packets, a few for each peer. What one reason floods with ever new
/// addresses pushes out its own notes and leaves the last one of every other reason.
struct DropNotes {
    static let capacity = 8

    private(set) var list: [DropNote] = []

    mutating func add(_ note: DropNote) {
        if let known = list.firstIndex(where: { $0.reason == note.reason && $0.flow == note.flow })
        {
            list[known].count &+= 1
            list[known].last = note.last
            list[known].length = note.length
            list[known].exceededMTU = note.exceededMTU
            return
        }
        if list.count == Self.capacity { list.remove(at: leastWanted) }
        list.append(note)
    }

    /// The oldest of the reason that has the most notes.
    private var leastWanted: Int {
        func share(_ note: DropNote) -> Int { list.count { $0.reason == note.reason } }
        return list.indices.min { a, b in
            let (mine, other) = (share(list[a]), share(list[b]))
            return mine != other ? mine > other : list[a].last < list[b].last
        } ?? 0
    }
}

extension DropNote.Flow {
    init(_ packet: InnerPacket) {
        if packet.isIPv6 {
            self.init(source: .v6(packet.source.v6), destination: .v6(packet.destination.v6))
        } else {
            self.init(source: .v4(packet.source.v4), destination: .v4(packet.destination.v4))
        }
    }
}
