import Synchronization

/// Beside step 7: is it within the limits of a peer, of its gateway and of the organization?
/// Before: packets with an exit. After: those within the limits; where a rate is nearly used up, packets that can say so
/// do. The others are counted. What the gateway says itself has no limits.
///
/// Packets in flight of one sender, or of one target, are asked about at once, under the lock of each account: however many
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
        let run = limit(
            LimitedRun(flight + group.lowerBound, count: group.count),
            direction,
            of: peer,
            at: turn.moment
        )
        return (group.lowerBound..<group.lowerBound + run.count, run.packetCount)
    }

    /// The same of a packet that is not in flight. False where it exceeds a limit.
    @inline(never)
    mutating func isWithinLimits(
        _ packet: InFlight,
        _ direction: Usage.Direction,
        of peer: PeerPointer,
        at moment: Moment
    ) -> Bool {
        var packet = packet
        return withUnsafeMutablePointer(to: &packet) {
            limit(LimitedRun($0, count: 1), direction, of: peer, at: moment).count > 0
        }
    }

    /// Packets that were within the limits are not sent after all, or not yet.
    @inline(never)
    func giveBack(_ count: PacketCount, _ direction: Usage.Direction, of peer: PeerPointer) {
        peer.account?._withUnsafeGuaranteedRef { $0.giveBack(count, direction) }
        peer.gateway.pointee.account?._withUnsafeGuaranteedRef { account in
            account.giveBack(count, direction)
            account.whole?.giveBack(count, direction)
        }
    }

    /// From the smallest account to the largest: what the one refuses is to take nothing of what others may send, and
    /// what the larger one refuses is given back to the smaller ones.
    private mutating func limit(
        _ whole: LimitedRun,
        _ direction: Usage.Direction,
        of peer: PeerPointer,
        at moment: Moment
    ) -> LimitedRun {
        var run = whole
        let now = moment.now
        if let account = peer.account {
            let refused = account._withUnsafeGuaranteedRef { $0.limit(&run, direction, at: now) }
            refuse(refused.byRate, .rateExceeded, of: peer, at: moment)
            refuse(refused.byQuota, .quotaUsedUp, of: peer, at: moment)
        }
        guard let shared = peer.gateway.pointee.account else { return run }
        shared._withUnsafeGuaranteedRef { gateway in
            let refused = gateway.limit(&run, direction, at: now)
            if !refused.isEmpty {
                peer.account?._withUnsafeGuaranteedRef { $0.giveBack(refused.total, direction) }
                refuse(refused.byRate, .gatewayRateExceeded, of: peer, at: moment)
                refuse(refused.byQuota, .gatewayQuotaUsedUp, of: peer, at: moment)
            }
            guard let organization = gateway.whole else { return }
            let last = organization.limit(&run, direction, at: now)
            if !last.isEmpty {
                peer.account?._withUnsafeGuaranteedRef { $0.giveBack(last.total, direction) }
                gateway.giveBack(last.total, direction)
                refuse(last.byRate, .organizationRateExceeded, of: peer, at: moment)
                refuse(last.byQuota, .organizationQuotaUsedUp, of: peer, at: moment)
            }
        }
        return run
    }

    private mutating func refuse(
        _ count: PacketCount,
        _ reason: DropReason,
        of peer: PeerPointer,
        at moment: Moment
    ) {
        guard !count.isZero else { return }
        peer.gateway.recordDrop(reason, count: Int(count.packets))
        noteDrop(reason, of: nil, from: peer, at: moment)
    }
}

/// Packets in flight while limits are asked about them.
struct LimitedRun {
    private let packets: UnsafeMutablePointer<InFlight>
    private(set) var count: Int

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

    /// Keeps those that one account lets pass. `taken` are their bytes, without those of packets that have no limits.
    @inline(__always)
    mutating func keep(
        _ take: (_ length: Int) -> LimitVerdict
    ) -> (taken: UInt64, refused: RefusedPackets) {
        var kept = 0
        var taken: UInt64 = 0
        var refused = RefusedPackets()
        for index in 0..<count {
            let packet = packets[index]
            if packet.kind != nil {
                switch take(packet.length) {
                case .passes: break
                case .passesMarked: InnerPacket.markCongestion(packet.payload)
                case .exceedsRate:
                    refused.byRate.add(packet.length)
                    continue
                case .exceedsQuota:
                    refused.byQuota.add(packet.length)
                    continue
                }
                taken &+= UInt64(packet.length)
            }
            packets[kept] = packet
            kept += 1
        }
        count = kept
        return (taken, refused)
    }
}

/// What one account has refused of a run.
struct RefusedPackets {
    var byRate = PacketCount()
    var byQuota = PacketCount()

    var isEmpty: Bool { byRate.isZero && byQuota.isZero }

    var total: PacketCount { byRate + byQuota }
}
