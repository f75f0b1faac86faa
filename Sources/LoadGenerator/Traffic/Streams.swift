import NetAddress
import SystemIO

/// Where one peer's packets go to: the second peer of its pair, or the first.
struct Stream {
    let sender: Int
    let receiver: Int
    let headerSum: InternetChecksum
    var nextSequence: UInt64 = 0
}

/// All streams of a run, by number, with what their packets start with.
struct Streams: ~Copyable {
    let count: Int
    /// The stream that arrives at a peer, or nil.
    private let arriving: [Int?]
    private let streams: UnsafeMutablePointer<Stream>
    private let headers: UnsafeMutablePointer<UInt8>

    init(peers: [BenchDirectory.Peer], bothWays: Bool, probe: borrowing ProbePacket) {
        let ways = bothWays ? 2 : 1
        count = peers.count / 2 * ways
        streams = .allocate(capacity: count)
        headers = .allocate(capacity: count * ProbePacket.headerLength)
        var arriving = [Int?](repeating: nil, count: peers.count)
        for number in 0..<count {
            let pair = number / ways
            let sender = 2 * pair + number % ways
            let receiver = 4 * pair + 1 - sender
            let header = headers + number * ProbePacket.headerLength
            probe.writeHeader(
                to: header,
                from: peers[sender].address,
                to: peers[receiver].address
            )
            (streams + number).initialize(
                to: Stream(
                    sender: sender,
                    receiver: receiver,
                    headerSum: probe.headerSum(of: header)
                )
            )
            arriving[receiver] = number
        }
        self.arriving = arriving
    }

    deinit {
        streams.deallocate()
        headers.deallocate()
    }

    @inline(__always)
    subscript(_ number: Int) -> UnsafeMutablePointer<Stream> { streams + number }

    @inline(__always)
    func header(of number: Int) -> UnsafeMutablePointer<UInt8> {
        headers + number * ProbePacket.headerLength
    }

    @inline(__always)
    func number(arrivingAt peer: Int) -> Int? { arriving[peer] }
}
