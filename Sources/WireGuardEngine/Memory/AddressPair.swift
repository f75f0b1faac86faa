public import NetAddress

/// A way to a peer: where it is, and which of our own addresses it talks to, so that a host with
/// several addresses answers from the one that was asked.
@frozen
public struct Path: Hashable, Sendable {
    public var remote: Endpoint
    public var local: IPAddress?

    @inlinable
    public init(remote: Endpoint, local: IPAddress? = nil) {
        self.remote = remote
        self.local = local
    }
}
