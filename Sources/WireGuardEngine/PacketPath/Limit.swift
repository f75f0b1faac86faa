import Synchronization

/// Beside step 7: is it within the limits of a peer, and of its gateway?
/// Before: packets with an exit. After: those within the limits; where a rate is nearly used up, packets that can say so
/// do. The others are counted. What the gateway says itself has no limits.
///
/// Packets in flight of one sender, or of one target, are asked about at once, under the lock of the account: however many
/// workers carry a peer's packets, they take from one bucket.
extension Engine {
    /// Read once per run.
    @inline(__always)
    static func isLimited(_ peer: PeerPointer) -> Bool {
        if let account = peer.account, account._withUnsafeGuaranteedRef({ $0.isLimited }) {
            return true
        }
        return peer.gateway.pointee.account?._withUnsafeGuaranteedRef { $0.isLimited } ?? false
    }

    /// Moves those within the limits to the front of the group.
    @inline(never)
    mutating func limit(
        _ group: Range<Int>,
        _ direction: Usage.Direction,
        of peer: PeerPointer,
        in turn: inout Turn
    ) -> (group: Range<Int>, count: PacketCount) {
        var run = LimitedRun(flight + group.lowerBound, count: group.count)
        let now = turn.now
        // The peer's own first: what they refuse is to take nothing of what the others may send.
        peer.account?._withUnsafeGuaranteedRef { $0.limit(&run, direction, at: now) }
        peer.gateway.pointee.account?._withUnsafeGuaranteedRef {
            $0.limit(&run, direction, at: now)
        }
        let refused = run.gatewayRateExceeded
        if !refused.isZero {
            peer.account?._withUnsafeGuaranteedRef { $0.giveBack(refused, direction) }
        }
        refuse(run.rateExceeded, .rateExceeded, of: peer, at: turn.moment)
        refuse(Int(refused.packets), .gatewayRateExceeded, of: peer, at: turn.moment)
        refuse(run.quotaUsedUp, .quotaUsedUp, of: peer, at: turn.moment)
        return (group.lowerBound..<group.lowerBound + run.count, run.packetCount)
    }

    private mutating func refuse(
        _ count: Int,
        _ reason: DropReason,
        of peer: PeerPointer,
        at moment: Moment
    ) {
        guard count > 0 else { return }
        peer.gateway.recordDrop(reason, count: count)
        noteDrop(reason, of: nil, from: peer, at: moment)
    }
}

/// Packets in flight while limits are asked about them.
struct LimitedRun {
    private let packets: UnsafeMutablePointer<InFlight>
    private(set) var count: Int
    private(set) var rateExceeded = 0
    private(set) var gatewayRateExceeded = PacketCount()
    private(set) var quotaUsedUp = 0

    init(_ packets: UnsafeMutablePointer<InFlight>, count: Int) {
        self.packets = packets
        self.count = count
    }

    /// Of those that are left.
    var packetCount: PacketCount {
        var sum = PacketCount()
        for index in 0..<count { sum.add(packets[index].length) }
        return sum
    }

    @inline(__always)
    mutating func keep(_ take: (_ length: Int) -> LimitVerdict) {
        var kept = 0
        for index in 0..<count {
            let packet = packets[index]
            if packet.kind != nil {
                switch take(packet.length) {
                case .passes: break
                case .passesMarked: InnerPacket.markCongestion(packet.payload)
                case .refused(.gatewayRateExceeded):
                    gatewayRateExceeded.add(packet.length)
                    continue
                case .refused(.quotaUsedUp):
                    quotaUsedUp += 1
                    continue
                case .refused:
                    rateExceeded += 1
                    continue
                }
            }
            packets[kept] = packet
            kept += 1
        }
        count = kept
    }
}
