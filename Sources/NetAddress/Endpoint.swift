/// Where a UDP datagram comes from or goes to.
@frozen
public struct Endpoint: Hashable, Sendable {
    public var address: IPAddress
    public var port: UInt16
    /// The interface that a link-local IPv6 address is meant on (RFC 4007's zone), by the number that
    /// the kernel gave it; zero for all other addresses, which are the same on every interface.
    public var zone: UInt32

    @inlinable
    public init(address: IPAddress, port: UInt16, zone: UInt32 = 0) {
        self.address = address
        self.port = port
        self.zone = zone
    }
}

extension Endpoint: LosslessStringConvertible {
    /// `192.0.2.1:51820`, `[2001:db8::1]:51820` or `[fe80::1%3]:51820`. Brackets belong to IPv6 and
    /// only to it, a zone to link-local addresses and only to them.
    public init?(_ text: String) {
        self.init(text) { _ in nil }
    }

    /// - Parameter zone: the number of an interface by its name, where the text has a name.
    public init?(_ text: String, zone number: (_ name: String) -> UInt32?) {
        guard let colon = text.lastIndex(of: ":") else { return nil }
        let host = text[..<colon]
        guard let port = UInt16(strictDecimal: text[text.index(after: colon)...]) else {
            return nil
        }
        if host.hasPrefix("["), host.hasSuffix("]") {
            let parts = host.dropFirst().dropLast().split(
                separator: "%",
                maxSplits: 1,
                omittingEmptySubsequences: false
            )
            guard let address = IPv6Address(String(parts[0])) else { return nil }
            self.init(address: .v6(address), port: port)
            guard parts.count == 2 else { return }
            guard address.isLinkLocal, let zone = Self.zone(parts[1], number) else { return nil }
            self.zone = zone
        } else {
            guard let address = IPv4Address(String(host)) else { return nil }
            self.init(address: .v4(address), port: port)
        }
    }

    /// A name may consist of digits, so it comes first.
    private static func zone(_ text: Substring, _ number: (String) -> UInt32?) -> UInt32? {
        let zone = number(String(text)) ?? UInt32(strictDecimal: text)
        return zone == 0 ? nil : zone
    }

    public var description: String { text { "\($0)" } }

    /// - Parameter zone: what an interface of this number is called.
    public func text(zone name: (_ number: UInt32) -> String) -> String {
        switch address {
        case .v4: "\(address):\(port)"
        case .v6: "[\(host(zone: name))]:\(port)"
        }
    }

    /// Without the port and its brackets: `192.0.2.1` or `fe80::1%3`.
    public var host: String { host { "\($0)" } }

    private func host(zone name: (UInt32) -> String) -> String {
        zone == 0 ? "\(address)" : "\(address)%\(name(zone))"
    }
}
