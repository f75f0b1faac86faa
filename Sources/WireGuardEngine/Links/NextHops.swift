/// The lanes that the packets of one verdict are spread over.
struct NextHops {
    private let group: Unmanaged<NextHopGroup>
    /// A bit for each; one at least.
    private let lanes: UInt32

    /// Nil where none of the lanes is open.
    @inline(__always)
    fileprivate init?(_ group: Unmanaged<NextHopGroup>, among lanes: UInt32) {
        let open = group._withUnsafeGuaranteedRef { $0.open(among: lanes) }
        guard open != 0 else { return nil }
        self.group = group
        self.lanes = open
    }

    /// The lane that a packet's flow keeps to; where that one has no session, the next one that has. The first of
    /// them all makes packets wait for its session where none has. Nil where its peer was never heard and has
    /// no endpoint.
    @inline(__always)
    func lane(
        for packet: UnsafeMutablePointer<UInt8>,
        _ inner: InnerPacket,
        of peers: PeerTable
    ) -> PeerPointer? {
        let count = lanes.nonzeroBitCount
        let hash = count == 1 ? 0 : FlowHash.of(packet, inner)
        // Of 32 bits, so that the product is below 2^37.
        let place = Int((UInt64(hash) &* UInt64(count)) >> 32)
        let kept = peers.find(peer(place))
        if let kept, kept.currentSession != nil { return kept }
        return other(than: place, of: count, kept, peers)
    }

    @inline(never)
    private func other(
        than place: Int,
        of count: Int,
        _ kept: PeerPointer?,
        _ peers: PeerTable
    ) -> PeerPointer? {
        for step in 1..<max(count, 1) {
            let found = peers.find(peer((place + step) % count))
            if let found, found.currentSession != nil { return found }
        }
        return kept?.addressPair == nil ? nil : kept
    }

    /// Of the lane at this place among those of the set.
    @inline(__always)
    private func peer(_ place: Int) -> PeerHandle {
        var left = lanes
        for _ in 0..<place { left &= left &- 1 }
        return group._withUnsafeGuaranteedRef { $0.peer(ofLane: left.trailingZeroBitCount) }
    }
}

extension CurrentView {
    @inline(__always)
    func spread(toward index: UInt32) -> Verdict {
        network._withUnsafeGuaranteedRef { $0.nextHops(toward: index) }
            .map { .spread($0, .link) } ?? .drop(.linkDown)
    }

    /// Of packets that leave the network at the other end, or come from there: they take no detour, on which no gateway
    /// would know them.
    func spread(directlyToward index: UInt32, as kind: TrafficKind) -> Verdict {
        network._withUnsafeGuaranteedRef { $0.nextHops(directlyToward: Int(index)) }
            .map { .spread($0, kind) } ?? .drop(.linkDown)
    }
}

extension NetworkView {
    /// Where packets to a group go that came from no link: direct, or around. A detour is over the direct lanes of
    /// another group, whatever that one's own packets take.
    @inline(__always)
    func nextHops(toward index: UInt32) -> NextHops? {
        guard let group = group(Int(index)) else { return nil }
        let (lanes, detour) = group._withUnsafeGuaranteedRef { $0.choice.lanesOrDetour }
        guard let detour else { return NextHops(group, among: lanes) }
        return nextHops(directlyToward: detour)
    }

    /// Where packets to a group go that came over a link.
    func nextHops(directlyToward index: Int) -> NextHops? {
        guard let group = group(index) else { return nil }
        return NextHops(group, among: group._withUnsafeGuaranteedRef { $0.choice.directLanes })
    }
}
