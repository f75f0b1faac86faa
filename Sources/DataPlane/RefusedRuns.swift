import NetAddress
import WireGuardEngine

/// The destinations to which the kernel has refused runs of datagrams for their size (EMSGSIZE): the interface on the
/// way takes smaller ones only. A datagram by itself leaves in fragments there, a run does not leave at all; so runs of
/// that size are cut here, without another refusal for each. Now and then one is tried, as ways change.
///
/// Its size is fixed: two destinations of one place take turns, at the price of more refusals.
struct RefusedRuns: ~Copyable {
    private static let capacity = 256
    /// As many runs to a destination are cut here before one is tried again.
    private static let patience = 1_024

    private struct Entry {
        var destination: Endpoint
        /// Of the smallest datagram whose run was refused.
        var size: Int
        var runsLeft: Int
    }

    private let entries: UnsafeMutablePointer<Entry?>
    private var count = 0

    /// What most workers have to ask at most.
    var isEmpty: Bool { count == 0 }

    init() {
        entries = .allocate(capacity: Self.capacity)
        entries.initialize(repeating: nil, count: Self.capacity)
    }

    deinit { entries.deallocate() }

    /// Whether such a run was refused not long ago.
    @inline(__always)
    func contains(_ run: OutgoingMessage) -> Bool { !isEmpty && isKnown(run) }

    @inline(never)
    private func isKnown(_ run: OutgoingMessage) -> Bool {
        guard let entry = entries[Self.place(of: run.addressPair.remote)] else { return false }
        return entry.destination == run.addressPair.remote && run.segmentSize >= entry.size
    }

    mutating func insert(_ run: OutgoingMessage) {
        let destination = run.addressPair.remote
        let place = entries + Self.place(of: destination)
        var size = run.segmentSize
        if let known = place.pointee, known.destination == destination {
            size = min(size, known.size)
        }
        if place.pointee == nil { count += 1 }
        place.pointee = Entry(destination: destination, size: size, runsLeft: Self.patience)
    }

    /// A run has been cut because `contains` was true of it.
    mutating func noteCut(_ run: OutgoingMessage) {
        let place = entries + Self.place(of: run.addressPair.remote)
        guard var entry = place.pointee, entry.destination == run.addressPair.remote else { return }
        entry.runsLeft -= 1
        place.pointee = entry.runsLeft > 0 ? entry : nil
        if entry.runsLeft == 0 { count -= 1 }
    }

    private static func place(of destination: Endpoint) -> Int {
        var bits = UInt64(destination.port)
        switch destination.address {
        case .v4(let address): bits ^= UInt64(address.bits) << 16
        case .v6(let address): bits ^= address.high ^ address.low
        }
        return Int((bits &* 0x9e37_79b9_7f4a_7c15) >> 56) % capacity
    }
}
