/// Where a UDP datagram comes from or goes to.
@frozen
public struct Endpoint: Hashable, Sendable {
    public var address: IPAddress
    public var port: UInt16

    @inlinable
    public init(address: IPAddress, port: UInt16) {
        self.address = address
        self.port = port
    }
}

extension Endpoint: LosslessStringConvertible {
    /// `192.0.2.1:51820` or `[2001:db8::1]:51820`. Brackets belong to IPv6 and only to it.
    public init?(_ text: String) {
        guard let colon = text.lastIndex(of: ":") else { return nil }
        let host = text[..<colon]
        guard let port = UInt16(strictDecimal: text[text.index(after: colon)...]) else {
            return nil
        }
        if host.hasPrefix("["), host.hasSuffix("]") {
            guard let address = IPv6Address(String(host.dropFirst().dropLast())) else {
                return nil
            }
            self.init(address: .v6(address), port: port)
        } else {
            guard let address = IPv4Address(String(host)) else { return nil }
            self.init(address: .v4(address), port: port)
        }
    }

    public var description: String {
        switch address {
        case .v4(let address): "\(address):\(port)"
        case .v6(let address): "[\(address)]:\(port)"
        }
    }
}
