package import NetAddress

/// What a run is asked to do.
package struct LoadOptions: Sendable {
    /// Where the gateways of both sides listen.
    package var targets: PairSides<Endpoint>
    /// Inner packets, in bytes.
    package var size = 1420
    package var seconds = 10.0
    /// Packets a second; nil for as many as the hub takes.
    package var rate: Double?
    package var bothWays = false
    /// Packets of one pair that leave together.
    package var burst = 32
    /// Packets under way at once, when no rate is asked for.
    package var window = 1024
    /// One packet in this many is opened and verified.
    package var verifyEvery = 16
    /// Sockets for the first peers, and as many for the second.
    package var sockets = 1
    /// The processor to stay on.
    package var processor: UInt32?
    package var gatewayPID: Int32?
    /// Nanoseconds without an arrival after which the packets under way count as lost.
    package var stall: UInt64 = 200_000_000

    package init(target: Endpoint) {
        targets = PairSides(both: target)
    }

    /// A session must live through its run: keys are good for 180 seconds, and a hub that played
    /// the responder does not renew them.
    package static let longestRun = 100.0
    static let keyLifetime = 170.0

    package func check(pairs: Int) throws(LoadError) {
        let sizes = ProbePacket.minimumSize...ProbePacket.maximumSize
        guard sizes.contains(size) else {
            throw LoadError("--size takes \(sizes.lowerBound) to \(sizes.upperBound)")
        }
        guard seconds >= 0.1, seconds <= Self.longestRun else {
            throw LoadError(
                "--seconds takes 0.1 to \(Int(Self.longestRun)): keys live no longer than that"
            )
        }
        if let rate, !(rate >= 1 && rate <= 1e8) {
            throw LoadError("--rate takes 1 to 100000000 packets a second")
        }
        guard (1...1024).contains(burst) else { throw LoadError("--burst takes 1 to 1024") }
        guard (1...60_000).contains(window) else { throw LoadError("--window takes 1 to 60000") }
        guard (1...1_000_000).contains(verifyEvery) else {
            throw LoadError("--verify takes 1 to 1000000")
        }
        guard (1...32).contains(sockets) else { throw LoadError("--sockets takes 1 to 32") }
        let handshakes = SessionRound.duration(peers: 2 * pairs)
        guard handshakes + seconds < Self.keyLifetime else {
            throw LoadError(
                "\(pairs) pairs need \(Int(handshakes)) s for their handshakes, and their first"
                    + " keys would not last for \(seconds) s more; ask for fewer with --pairs"
            )
        }
    }
}
