public import NetAddress

/// Where a gateway listens for UDP datagrams.
public struct ListenAddress: Hashable, Sendable {
    /// Nil listens on every address of the host, IPv6 and IPv4.
    public var address: IPAddress?
    /// Zero takes any free port.
    public var port: UInt16

    public init(address: IPAddress? = nil, port: UInt16) {
        self.address = address
        self.port = port
    }
}
