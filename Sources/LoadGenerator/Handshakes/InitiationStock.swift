import SystemIO
import WireGuardCrypto
import WireGuardEngine

/// Initiations written before they are needed, so that a generator on one processor outruns a hub
/// that answers them on another. They lie in the order of their sending: rounds over all peers.
struct InitiationStock: ~Copyable {
    /// One response in this many is verified as a whole, which costs two curve operations.
    static let sampleInterval = 16
    /// Nanoseconds between the stamps of one peer: far enough apart that rounding leaves them
    /// different. Less than a peer waits between two initiations, so stamps stay behind the clock.
    private static let stampStep: UInt64 = 1 << 24

    let count: Int
    private let firstIndex: UInt32
    private let memory: UnsafeMutablePointer<UInt8>
    private let samples: [InitiatorHandshake]

    init(count: Int, peers: [StormPeer], hub: PublicKey) throws(LoadError) {
        self.count = count
        var random: UInt32 = 0
        withUnsafeMutableBytes(of: &random) { SystemRandom.fill($0) }
        firstIndex = random
        memory = .allocate(capacity: count * InitiationMessage.length)
        let wall = BootClock.wallNanoseconds
        var samples: [InitiatorHandshake] = []
        for number in 0..<count {
            let (round, peer) = number.quotientAndRemainder(dividingBy: peers.count)
            let written = InitiatorHandshake(
                writingTo: memory + number * InitiationMessage.length,
                from: peers[peer].identity,
                to: hub,
                staticShared: peers[peer].staticShared,
                ephemeral: X25519.generatePrivateKey(filledBy: SystemRandom.fill),
                index: firstIndex &+ UInt32(truncatingIfNeeded: number),
                stamp: TAI64N(WallTime(nanoseconds: wall + UInt64(round) * Self.stampStep))
            )
            guard let written else {
                memory.deallocate()
                throw LoadError.lowOrderKey
            }
            if number % Self.sampleInterval == 0 { samples.append(written) }
        }
        self.samples = samples
    }

    deinit { memory.deallocate() }

    /// The message; its MACs are added when it is sent.
    subscript(_ number: Int) -> UnsafeMutablePointer<UInt8> {
        memory + number * InitiationMessage.length
    }

    /// The initiation whose sender index this is.
    func number(of index: UInt32) -> Int? {
        let number = Int(index &- firstIndex)
        return number < count ? number : nil
    }

    /// The handshake of an initiation that belongs to the sample.
    func sample(_ number: Int) -> InitiatorHandshake? {
        number % Self.sampleInterval == 0 ? samples[number / Self.sampleInterval] : nil
    }
}

/// A peer in a storm: who it is, and how its last initiation left.
struct StormPeer {
    let identity: StaticIdentity
    let staticShared: SecretKey
    /// What the hub gave to this peer's socket.
    var cookie: Digest16?
    /// The initiation sent last, and the MAC that a cookie for it is bound to.
    var last: (number: Int, mac1: Digest16)?
    /// A hub would refuse an initiation before this, in nanoseconds of the boot clock.
    var readyAt: UInt64 = 0

    init(_ privateKey: SecretKey, hub: PublicKey) throws(LoadError) {
        identity = StaticIdentity(privateKey: privateKey)
        guard let shared = X25519.sharedSecret(privateKey, hub) else {
            throw LoadError.lowOrderKey
        }
        staticShared = shared
    }
}

extension LoadError {
    static let lowOrderKey = LoadError(
        "the gateway's public key is not one; make the directory again"
    )
}
