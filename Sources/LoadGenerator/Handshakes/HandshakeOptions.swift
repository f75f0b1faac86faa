package import NetAddress

/// What a measurement of handshakes is asked to do.
package struct HandshakeOptions: Sendable {
    package var target: Endpoint
    /// Handshakes a second that valid peers start; nil for as many as the hub completes.
    package var rate: Double?
    /// Each of the three parts of the measurement.
    package var seconds = 5.0
    /// Where the peers' addresses are taken from; nil for the whole of 127.64.0.0/10 towards this
    /// machine, and for one address towards another.
    package var sources: IPv4Prefix?
    package var attack: InitiationFlood.Attack?
    /// The attacker's initiations a second.
    package var attackRate = 50_000.0
    /// The processor to stay on.
    package var processor: UInt32?
    package var gatewayPID: Int32?

    package init(target: Endpoint) {
        self.target = target
    }

    /// Three parts and their preparation in the life of a key.
    private static let longest = 20.0
    /// What one peer may start in a second.
    private static let ratePerPeer = 1e9 / Double(HandshakeStorm.peerInterval)

    package func check(pairs: Int) throws(LoadError) {
        guard seconds >= 0.1, seconds <= Self.longest else {
            throw LoadError("--seconds takes 0.1 to \(Int(Self.longest))")
        }
        if let rate {
            guard rate >= 1, rate <= 1e5 else {
                throw LoadError("--rate takes 1 to 100000 handshakes a second")
            }
            try check(pairs: pairs, for: rate)
        }
        guard attackRate >= 1, attackRate <= 1e7 else {
            throw LoadError("--attack-rate takes 1 to 10000000 initiations a second")
        }
        guard pairs >= 2 else {
            throw LoadError("one pair carries data, the others do handshakes: give two or more")
        }
    }

    /// Whether the peers of all pairs but the first are enough for `rate` handshakes a second.
    func check(pairs: Int, for rate: Double) throws(LoadError) {
        let needed = (Self.peers(for: rate) + 1) / 2 + 1
        guard pairs >= needed else {
            throw LoadError(
                "\(Int(rate)) handshakes a second take \(needed) pairs, since a hub admits each"
                    + " peer \(Int(Self.ratePerPeer)) times a second; make a larger directory"
            )
        }
    }

    /// How many peers it takes to start `rate` handshakes a second.
    static func peers(for rate: Double) -> Int {
        Int((rate / ratePerPeer).rounded(.up))
    }

    var sourcePrefix: IPv4Prefix? {
        if let sources { return sources }
        guard case .v4(let address) = target.address, Self.loopback.contains(address) else {
            return nil
        }
        return Self.ownSources
    }

    private static let loopback = prefix(0x7f00_0000, length: 8)
    /// Away from 127.0.0.1, where services listen.
    private static let ownSources = prefix(0x7f40_0000, length: 10)

    private static func prefix(_ bits: UInt32, length: UInt8) -> IPv4Prefix {
        do {
            return try IPv4Prefix(IPv4Address(bits: bits), length: length)
        } catch {
            preconditionFailure("a constant prefix has host bits")
        }
    }
}
