import GatewayDomain

/// A weak validator (RFC 9110 section 8.8.3) of two parts: the time of the object's last change by a
/// caller, and a digest of the whole object, traffic counters included. `If-None-Match` compares both
/// parts; `If-Match` compares only the first, which traffic does not touch.
struct EntityTag: Equatable {
    let version: Timestamp
    private let digest: UInt64

    init(version: Timestamp, content: [UInt8]) {
        self.version = version
        // FNV-1a: it has to tell accidental differences only. A client that constructs a collision
        // misleads its own cache.
        var digest: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in content { digest = (digest ^ UInt64(byte)) &* 0x100_0000_01b3 }
        self.digest = digest
    }

    /// Nil for a text that this server cannot have given out.
    init?(_ text: Substring) {
        let opaque = text.hasPrefix("W/") ? text.dropFirst(2) : text
        guard opaque.count > 2, opaque.first == "\"", opaque.last == "\"" else { return nil }
        let parts = opaque.dropFirst().dropLast().split(separator: "-")
        guard parts.count == 2, let version = Int64(parts[0], radix: 16),
            let digest = UInt64(parts[1], radix: 16)
        else { return nil }
        self.version = Timestamp(microseconds: version)
        self.digest = digest
    }

    var text: String {
        "W/\"\(String(version.microseconds, radix: 16))-\(String(digest, radix: 16))\""
    }
}
