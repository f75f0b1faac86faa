import ArgumentParser
import JSON
import LoadGenerator
import WireGuardCrypto

struct FloorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "floor",
        abstract: "Measure the least that forwarding costs on this machine.",
        discussion: """
            Opening and sealing a packet alone, receiving and sending the same bytes alone by a \
            forwarder that looks at none of them, and their sum, in CPU seconds per 10^9 bytes of \
            inner packets: what a hub's cost is compared with.
            """
    )

    @Option(help: ArgumentHelp("Size of the inner packets.", valueName: "bytes"))
    var size = 1420

    @Option(help: ArgumentHelp("Packets that leave together.", valueName: "n"))
    var burst = 32

    @Option(help: ArgumentHelp("How long to measure each part.", valueName: "s"))
    var seconds = 2.0

    @Option(
        help: ArgumentHelp(
            "Measure the forwarder's latency too, at this many packets a second.",
            valueName: "pps"
        )
    )
    var rate: Double?

    @Option(help: ArgumentHelp("Most packets under way.", valueName: "n"))
    var window = 1024

    @Option(
        help: ArgumentHelp(
            "Processor of sender and receiver; the rest is on another. (default: the last)",
            valueName: "number"
        )
    )
    var cpu: UInt32?

    @Flag(help: "Print one JSON object.")
    var json = false

    func run() throws {
        Cipher.choose()
        var options = FloorOptions()
        options.size = size
        options.burst = burst
        options.seconds = seconds
        options.rate = rate
        options.window = window
        options.processor = try Processors.choose(cpu)
        let report = try Floor.measure(options)
        try report.print(asJSON: json)
    }
}

extension FloorReport: PrintedReport {
    var json: JSONValue {
        [
            "aead_cpu_seconds_per_gb": .figure(aeadSecondsPerGB),
            "udp_cpu_seconds_per_gb": .figure(udpSecondsPerGB),
            "floor_cpu_seconds_per_gb": .figure(floorSecondsPerGB),
            "latency_us": .latency(latency),
            "cipher": .string("\(Cipher.current)"),
            "size": .integer(size),
            "burst": .integer(burst),
        ]
    }

    var text: String {
        var rows = [
            ("load", "\(size)-byte packets in bursts of \(burst)"),
            ("cipher", "\(Cipher.current)"),
            ("open and seal", "\(FixedPoint.text(aeadSecondsPerGB, 3)) s/GB"),
            ("receive and send", "\(FixedPoint.text(udpSecondsPerGB, 3)) s/GB"),
            ("floor", "\(FixedPoint.text(floorSecondsPerGB, 3)) s/GB"),
        ]
        if let latency { rows.append(("forwarder's latency", latency.text)) }
        return AlignedText.rows(rows)
    }
}
