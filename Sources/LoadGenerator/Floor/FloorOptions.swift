/// What `floor` is asked to measure.
package struct FloorOptions: Sendable {
    /// Inner packets, in bytes.
    package var size = 1420
    /// Packets that leave together.
    package var burst = 32
    /// For each of both parts.
    package var seconds = 2.0
    /// Packets a second; nil for as many as go through.
    package var rate: Double?
    package var window = 1024
    /// Where the sender and receiver stays; the measured side takes another one.
    package var processor: UInt32?

    package init() {}

    package func check() throws(LoadProblem) {
        let sizes = ProbePacket.minimumSize...ProbePacket.maximumSize
        guard sizes.contains(size) else {
            throw LoadProblem("--size takes \(sizes.lowerBound) to \(sizes.upperBound)")
        }
        guard (1...1024).contains(burst) else { throw LoadProblem("--burst takes 1 to 1024") }
        guard seconds >= 0.1, seconds <= 600 else {
            throw LoadProblem("--seconds takes 0.1 to 600")
        }
        if let rate, !(rate >= 1 && rate <= 1e8) {
            throw LoadProblem("--rate takes 1 to 100000000 packets a second")
        }
    }

    /// Of the datagram that carries such a packet.
    var datagramLength: Int { TransportMessage.paddedLength(size) + TransportMessage.overhead }

    /// Not the generator's, where there are two.
    var measuredProcessor: UInt32? {
        guard let processor else { return nil }
        return Processors.allowed.first { $0 != processor }
    }
}

/// What the two parts of forwarding a packet cost on this machine, each alone.
package struct FloorReport: Sendable {
    package let size: Int
    package let burst: Int
    /// CPU seconds per 10^9 bytes of inner packets.
    package let aeadSecondsPerGB: Double
    package let udpSecondsPerGB: Double
    /// Of a plain forwarder, from sender to receiver.
    package let latency: LatencySummary?

    package var floorSecondsPerGB: Double { aeadSecondsPerGB + udpSecondsPerGB }
}

package enum Floor {
    package static func measure(_ options: FloorOptions) throws -> FloorReport {
        try options.check()
        let aead = try LoadRun.onOwnThread(processor: options.measuredProcessor) {
            AEADCost.secondsPerGB(options)
        }
        let forwarder = try Forwarder(processor: options.measuredProcessor)
        defer { forwarder.stop() }
        let (udp, latency) = try LoadRun.onOwnThread(processor: options.processor) {
            var load = try PlainLoad(options, through: forwarder)
            return try load.run()
        }
        return FloorReport(
            size: options.size,
            burst: options.burst,
            aeadSecondsPerGB: aead,
            udpSecondsPerGB: udp,
            latency: latency
        )
    }
}
