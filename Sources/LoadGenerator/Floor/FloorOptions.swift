import NetAddress
import SystemIO
import WireGuardCrypto

/// What `floor` is asked to measure.
package struct FloorOptions: Sendable {
    /// Inner packets, in bytes.
    package var size = 1420
    /// Packets that leave together.
    package var burst = 32
    /// For each part.
    package var seconds = 2.0
    /// Packets a second at which the forwarder's latency is measured; nil leaves that out.
    package var rate: Double?
    package var window = 1024
    /// Where the sender and receiver stays; the measured side takes another one.
    package var processor: UInt32?

    package init() {}

    /// The run through a forwarder on this port.
    func load(to port: UInt16) -> LoadOptions {
        var load = LoadOptions(target: Endpoint(address: .v4(.loopback), port: port))
        load.size = size
        load.burst = burst
        load.seconds = seconds
        load.rate = rate
        load.window = window
        load.processor = processor
        return load
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
    /// Of a plain forwarder at the rate that was asked for, from sender to receiver.
    package let latency: LatencySummary?

    package var floorSecondsPerGB: Double { aeadSecondsPerGB + udpSecondsPerGB }
}

package enum Floor {
    package static func measure(_ options: FloorOptions) throws -> FloorReport {
        try options.load(to: 0).check(pairs: 1)
        let aead = try LoadRun.onOwnThread(processor: options.measuredProcessor) {
            AEADCost.secondsPerGB(options)
        }
        let forwarder = try Forwarder(processor: options.measuredProcessor)
        defer { forwarder.stop() }
        let udp = try LoadRun.onOwnThread(processor: options.processor) {
            var load = try PlainLoad(options, through: forwarder)
            return try load.run()
        }
        var latency: LatencySummary?
        if options.rate != nil {
            latency = try LoadRun.onOwnThread(processor: options.processor) {
                try Self.latency(of: forwarder, options)
            }
        }
        return FloorReport(
            size: options.size,
            burst: options.burst,
            aeadSecondsPerGB: aead,
            udpSecondsPerGB: udp,
            latency: latency
        )
    }

    /// With the packets, the pace, the sockets and the checks of a run through a hub.
    private static func latency(
        of forwarder: Forwarder,
        _ options: FloorOptions
    ) throws -> LatencySummary? {
        let peers = [2, 3].map { number in
            BenchDirectory.Peer(
                privateKey: SecretKey { SystemRandom.fill($0) },
                address: IPv4Address(bits: 0x0a4d_0000 + number)
            )
        }
        var generator = try Generator(
            options.load(to: forwarder.port),
            through: .forwarder(forwarder),
            peers: peers
        )
        return try generator.run().latency
    }
}
