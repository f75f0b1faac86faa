import Glibc
import TestSupport
import Testing

/// What an echo reply tells.
struct EchoReply: Equatable {
    let ttl: Int
}

extension Namespace {
    /// Echoes that follow one another soon. All of them are answered, late at most.
    ///
    /// - Parameter bytes: of each, without its headers of IPv4 and ICMP.
    func sendEchoes(_ count: Int, bytes: Int = 56, to address: String) throws {
        let output = try run(
            "ping",
            "-n",
            "-c",
            "\(count)",
            "-i",
            "0.02",
            "-s",
            "\(bytes)",
            "-W",
            "20",
            address
        )
        #expect(output.contains(" \(count) received"), "\(output)")
    }

    /// An echo request every second until one is answered, for a test that wants an answer; nil
    /// when none ever is. One that wants silence gives a time: then it is a single request, and
    /// nil when nothing came back so soon.
    func ping(
        _ address: String,
        from source: String? = nil,
        bytes: Int = 56,
        timeout seconds: Double? = nil
    ) throws -> EchoReply? {
        let origin = source.map { ["-I", $0] } ?? []
        let limit = seconds.map { ["-W", "\($0)"] } ?? ["-w", "\(patience.components.seconds)"]
        let words = ["ping", "-n", "-c", "1", "-s", "\(bytes)"] + limit + origin + [address]
        let deadline = ContinuousClock.now + patience
        // An ICMP error ends ping, and comes where the other side is not connected yet.
        while true {
            let result = try Command.run(command(words))
            if result.status == 0, let ttl = result.output.firstMatch(of: /ttl=(\d+)/) {
                return Int(ttl.1).map(EchoReply.init)
            }
            guard seconds == nil, ContinuousClock.now < deadline else { return nil }
            usleep(100_000)
        }
    }

    /// The addresses that answered, nearest first; `*` for a hop that has not. Each is asked twice, as routers
    /// limit their answers and a busy machine loses packets.
    func traceroute(_ address: String, _ options: String...) throws -> [String] {
        let words = ["traceroute", "-n", "-q", "2", "-w", "20", "-m", "4"] + options + [address]
        return try Command.require(command(words))
            .split(separator: "\n")
            .dropFirst()
            .map { line in
                let answers = line.split(separator: " ").dropFirst()
                return String(answers.first { $0 != "*" } ?? "*")
            }
    }

    /// The body that a web server answered with; nil when it did not answer.
    func fetch(_ url: String) throws -> String? {
        let result = try attempt(
            "curl",
            "--silent",
            "--fail",
            "--max-time",
            "\(patience.components.seconds)",
            url
        )
        return result.status == 0 ? result.output : nil
    }

    /// Packets that the device gave to this host's stack.
    func receivedPackets(on device: String) throws -> Int {
        try count("/sys/class/net/\(device)/statistics/rx_packets")
    }

    /// Packets that this host's stack gave to the device.
    func sentPackets(on device: String) throws -> Int {
        try count("/sys/class/net/\(device)/statistics/tx_packets")
    }

    private func count(_ file: String) throws -> Int {
        let text = try run("cat", file)
        return text.split(separator: "\n").first.flatMap { Int($0) } ?? 0
    }
}
