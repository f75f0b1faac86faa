import CLinux
import Glibc
import NetAddress
import SystemIO
import WireGuardEngine

/// The sockets that peers share: some for the first peers of all pairs, as many for the second.
struct PeerSockets: ~Copyable {
    /// First peers' sockets, then second peers'.
    let all: [UDPSocket]
    private let targets: PairSides<Endpoint>
    let perSide: Int
    private let poll: EventPoll
    private let unit: UnsafeMutablePointer<clinux_message>
    private let slice: UnsafeMutablePointer<iovec>
    private let tags: UnsafeMutablePointer<UInt64>

    init(targets: PairSides<Endpoint>, perSide: Int) throws {
        (all, poll) = try Self.open(perSide, towards: targets)
        self.targets = targets
        self.perSide = perSide
        unit = .allocate(capacity: 1)
        unit.initialize(to: clinux_message())
        slice = .allocate(capacity: 1)
        slice.initialize(to: iovec())
        tags = .allocate(capacity: EventPoll.capacity)
    }

    deinit {
        unit.deallocate()
        slice.deallocate()
        tags.deallocate()
    }

    private static func open(
        _ perSide: Int,
        towards targets: PairSides<Endpoint>
    ) throws -> ([UDPSocket], EventPoll) {
        let poll = try EventPoll()
        var sockets: [UDPSocket] = []
        for target in [targets.first, targets.second] {
            let local: IPAddress =
                switch target.address {
                case .v4: .v4(IPv4Address(bits: 0))
                case .v6: .v6(IPv6Address(high: 0, low: 0))
                }
            for _ in 0..<perSide {
                let socket = try UDPSocket(ListenAddress(address: local, port: 0))
                try poll.add(socket.descriptor, tag: UInt64(sockets.count))
                sockets.append(socket)
            }
        }
        return (sockets, poll)
    }

    @inline(__always)
    func number(ofPeer peer: Int) -> Int { peer % 2 * perSide + peer / 2 % perSide }

    @inline(__always)
    func socket(ofPeer peer: Int) -> UDPSocket { all[number(ofPeer: peer)] }

    func target(ofPeer peer: Int) -> Endpoint { targets[ofPeer: peer] }

    /// Until something has arrived, or the moment has come.
    func wait(untilNanoseconds moment: UInt64) {
        _ = poll.wait(untilNanoseconds: moment, into: tags)
    }

    /// Sends one datagram of a peer.
    func send(_ bytes: UnsafeMutablePointer<UInt8>, count: Int, from peer: Int) throws(LoadError) {
        slice.pointee = iovec(iov_base: bytes, iov_len: count)
        unit.pointee.slices = slice
        unit.pointee.slice_count = 1
        unit.pointee.segment_size = 0
        try send(unit, count: 1, from: peer)
    }

    /// Sends all units of a peer, waiting for room where the kernel has none.
    func send(
        _ units: UnsafeMutablePointer<clinux_message>,
        count: Int,
        from peer: Int
    ) throws(LoadError) {
        let socket = socket(ofPeer: peer)
        let target = targets[ofPeer: peer]
        for index in 0..<count {
            units[index].address(to: target)
            units[index].has_local = false
        }
        var sent = 0
        while sent < count {
            let status = clinux_send(
                socket.descriptor,
                socket.isIPv6,
                units + sent,
                UInt32(count - sent)
            )
            if status >= 0 {
                sent += Int(status)
                continue
            }
            switch -status {
            case EINTR:
                continue
            case EAGAIN, ENOBUFS:
                _ = clinux_wait_writable(socket.descriptor, 1)
            default:
                throw LoadError(
                    "sending to \(target) failed: \(SystemFile.message(of: -status))"
                )
            }
        }
    }
}
