public import CLinux
public import NetAddress

extension clinux_address {
    /// Every address of the host: `::` or `0.0.0.0`.
    static func any(isIPv6: Bool) -> clinux_address {
        isIPv6 ? clinux_address(high: 0, low: 0) : clinux_address(high: 0, low: 0xffff << 32)
    }

    @inlinable
    @inline(__always)
    public init(_ address: IPAddress) {
        switch address {
        case .v4(let v4): self.init(high: 0, low: 0xffff << 32 | UInt64(v4.bits))
        case .v6(let v6): self.init(high: v6.high, low: v6.low)
        }
    }
}

extension IPAddress {
    /// An IPv4-mapped address becomes an IPv4 address; only CLinux sees the mapped form.
    @inlinable
    @inline(__always)
    public init(_ address: clinux_address) {
        let v6 = IPv6Address(high: address.high, low: address.low)
        self = v6.mappedIPv4.map { .v4($0) } ?? .v6(v6)
    }
}

extension clinux_message {
    @inlinable
    @inline(__always)
    public mutating func address(to endpoint: Endpoint) {
        remote = clinux_address(endpoint.address)
        remote_port = endpoint.port
        remote_zone = endpoint.zone
    }
}
