/// The words and the layout of `wg show`.
package struct StatusPage {
    private static let minute: UInt64 = 60
    private static let hour = 60 * minute
    private static let day = 24 * hour
    private static let year = 365 * day

    /// Seconds since 1970.
    private let now: UInt64

    package init(now: UInt64) {
        self.now = now
    }

    package func text(_ dump: StatusDump) -> String {
        dump.interfaces.map(text).joined(separator: "\n")
    }

    /// Peers that talked last come first.
    package func text(_ interface: StatusDump.Interface) -> String {
        var text = """
            interface: \(interface.name)
              public key: \(interface.publicKey)
              private key: (hidden)
              listening port: \(interface.port)

            """
        let peers = interface.peers.enumerated().sorted { first, second in
            (second.element.latestHandshake, first.offset)
                < (first.element.latestHandshake, second.offset)
        }
        for (_, peer) in peers { text += "\n" + self.text(peer) }
        return text
    }

    private func text(_ peer: StatusDump.Peer) -> String {
        var lines = ["peer: \(peer.publicKey)"]
        if peer.presharedKey != nil { lines.append("  preshared key: (hidden)") }
        if let endpoint = peer.endpoint { lines.append("  endpoint: \(endpoint)") }
        let allowed = peer.allowedAddresses.joined(separator: ", ")
        lines.append("  allowed ips: \(allowed.isEmpty ? "(none)" : allowed)")
        if peer.latestHandshake > 0 {
            lines.append("  latest handshake: \(Self.ago(peer.latestHandshake, now: now))")
        }
        if peer.receivedBytes > 0 || peer.sentBytes > 0 {
            let received = Self.bytes(peer.receivedBytes)
            lines.append("  transfer: \(received) received, \(Self.bytes(peer.sentBytes)) sent")
        }
        if let seconds = peer.keepalive {
            lines.append("  persistent keepalive: every \(Self.duration(UInt64(seconds)))")
        }
        return lines.map { $0 + "\n" }.joined()
    }

    private static func ago(_ moment: UInt64, now: UInt64) -> String {
        guard moment != now else { return "Now" }
        guard moment < now else {
            return "(System clock wound backward; connection problems may ensue.)"
        }
        return duration(now - moment) + " ago"
    }

    private static func duration(_ seconds: UInt64) -> String {
        let parts: [(UInt64, String)] = [
            (seconds / year, "year"), (seconds % year / day, "day"), (seconds % day / hour, "hour"),
            (seconds % hour / minute, "minute"), (seconds % minute, "second"),
        ]
        return parts.filter { $0.0 > 0 }
            .map { "\($0.0) \($0.1)\($0.0 == 1 ? "" : "s")" }
            .joined(separator: ", ")
    }

    private static func bytes(_ count: UInt64) -> String {
        guard count >= 1024 else { return "\(count) B" }
        var value = Double(count) / 1024
        for unit in ["KiB", "MiB", "GiB"] {
            guard value >= 1024 else { return "\(hundredths(value)) \(unit)" }
            value /= 1024
        }
        return "\(hundredths(value)) TiB"
    }

    private static func hundredths(_ value: Double) -> String {
        let number = Int((value * 100).rounded())
        let rest = number % 100
        return "\(number / 100).\(rest < 10 ? "0" : "")\(rest)"
    }
}
