public import NetAddress

/// A peer's counters since it was installed, and where and when it was last heard.
public struct PeerReport: Sendable {
    public let peer: PeerHandle
    public let endpoint: Endpoint?
    /// The newest packet that authenticated as this peer's.
    public let lastSeen: WallTime?
    public let latestHandshake: WallTime?
    /// Bytes of UDP payload that authenticated, as `wg show` counts them: received from the peer.
    public let receivedBytes: UInt64
    public let receivedPackets: UInt64
    /// Sent to the peer.
    public let sentBytes: UInt64
    public let sentPackets: UInt64
}
