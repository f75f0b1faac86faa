public import NetAddress

/// The two outer addresses of an exchange: where the peer is, and which of our own addresses it sends
/// to, so that a host with several addresses answers from that one.
@frozen
public struct AddressPair: Hashable, Sendable {
    public var remote: Endpoint
    public var local: IPAddress?

    @inlinable
    public init(remote: Endpoint, local: IPAddress? = nil) {
        self.remote = remote
        self.local = local
    }
}
