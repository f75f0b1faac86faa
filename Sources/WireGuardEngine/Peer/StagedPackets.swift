/// Inner packets that wait for a session, oldest first.
struct StagedPackets: ~Copyable {
    struct Packet {
        let start: UnsafeMutablePointer<UInt8>
        let length: Int
        let kind: TrafficKind?

        init(copying bytes: UnsafeRawBufferPointer, as kind: TrafficKind?) {
            self.kind = kind
            length = bytes.count
            start = .allocate(capacity: length)
            UnsafeMutableRawBufferPointer(start: start, count: length).copyMemory(from: bytes)
        }

        var bytes: UnsafeRawBufferPointer { start.bytes(0..<length) }

        func free() { start.deallocate() }
    }

    private var packets: [Packet] = []
    private var first = 0

    var count: Int { packets.count - first }

    mutating func append(_ packet: Packet) {
        packets.append(packet)
    }

    func forEach(_ body: (Packet) -> Void) {
        for packet in packets[first...] { body(packet) }
    }

    mutating func popFirst() -> Packet? {
        guard first < packets.count else { return nil }
        defer {
            first += 1
            if first == packets.count {
                packets.removeAll()
                first = 0
            } else if first >= Constant.maximumStagedPerPeer {
                packets.removeFirst(first)
                first = 0
            }
        }
        return packets[first]
    }
}

/// What all peers of an engine may stage together, so that packets for unreachable peers take a
/// bounded amount of memory.
struct StagingBudget {
    private(set) var packets = 0
    private(set) var bytes = 0

    mutating func reserve(_ length: Int) -> Bool {
        guard packets < Constant.maximumStagedInTotal,
            bytes + length <= Constant.maximumStagedBytes
        else { return false }
        packets += 1
        bytes += length
        return true
    }

    mutating func release(_ length: Int) {
        packets -= 1
        bytes -= length
    }
}
