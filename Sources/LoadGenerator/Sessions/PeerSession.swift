import WireGuardCrypto
import WireGuardEngine

/// One peer's session with the hub, and what has arrived on it.
struct PeerSession: ~Copyable {
    let sending: ChaCha20Poly1305
    let receiving: ChaCha20Poly1305
    /// The hub's name for the session.
    let remoteIndex: UInt32
    var nextCounter: UInt64 = 0

    /// The counters that the hub gave to what it sent us.
    var counters = CounterWindow()
    /// The numbers of the packets that were opened, in the order of their sending.
    var sequences = CounterWindow()
    /// Packets, without keepalives and duplicates.
    var delivered: UInt64 = 0
    /// Packets that were sent before one that is here, and are not here themselves.
    var missing: UInt64 = 0

    init(_ keys: TransportKeys) {
        sending = keys.sending.withBytes { ChaCha20Poly1305(key: $0) }
        receiving = keys.receiving.withBytes { ChaCha20Poly1305(key: $0) }
        remoteIndex = keys.remoteIndex
    }
}

/// The sessions of all peers, by the number of the peer.
struct PeerSessions: ~Copyable {
    let count: Int
    /// Peer `n` calls its session `firstIndex + n`: packets of another run belong to none of them.
    let firstIndex: UInt32
    private let memory: UnsafeMutablePointer<PeerSession>
    private var isMade: [Bool]

    init(count: Int, firstIndex: UInt32) {
        self.count = count
        self.firstIndex = firstIndex
        memory = .allocate(capacity: count)
        isMade = Array(repeating: false, count: count)
    }

    deinit {
        for number in 0..<count where isMade[number] { (memory + number).deinitialize(count: 1) }
        memory.deallocate()
    }

    func has(_ number: Int) -> Bool { isMade[number] }

    mutating func insert(_ keys: TransportKeys, for number: Int) {
        precondition(!isMade[number], "a peer has one session")
        (memory + number).initialize(to: PeerSession(keys))
        isMade[number] = true
    }

    func index(of number: Int) -> UInt32 { firstIndex &+ UInt32(number) }

    /// The peer whose session has this index.
    @inline(__always)
    func number(of index: UInt32) -> Int? {
        let number = Int(index &- firstIndex)
        return number < count ? number : nil
    }

    /// All peers have one once `SessionRound` is through.
    @inline(__always)
    subscript(_ number: Int) -> UnsafeMutablePointer<PeerSession> { memory + number }
}
