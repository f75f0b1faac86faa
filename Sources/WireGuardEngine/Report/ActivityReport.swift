public import NetAddress

/// A peer's counters since it was installed, and where and when it was last heard.
public struct ActivityReport: Sendable {
    public let peer: PeerHandle
    public let endpoint: Endpoint?
    /// The newest packet that authenticated as this peer's.
    public let lastSeen: WallTime?
    public let latestHandshake: WallTime?
    /// UDP payload of the peer's messages that authenticated, as `wg show` counts it: whole transport
    /// messages, that is inner packets with padding and 32 bytes of header and tag each, keepalives
    /// too; and handshake initiations and responses, but not cookie replies. Outer IP and UDP headers
    /// are not in it. Includes packets that are dropped after they authenticated.
    public let receivedBytes: UInt64
    public let receivedPackets: UInt64
    /// UDP payload of the same messages to the peer. Counted when they are sealed, so it includes those
    /// that the kernel then refuses.
    public let sentBytes: UInt64
    public let sentPackets: UInt64
    /// The peer's pings that the gateway has answered. Only a difference says something: the count begins
    /// anew behind the largest number.
    public let answeredEchoes: UInt32
    /// What of it passed the interface; nil where nothing did.
    public let egress: EgressTraffic?
    /// Of a lane's peer.
    public let probes: ProbeReport?
    /// What went wrong with the peer, where that is new since the last report.
    public let newTrouble: PeerTrouble?
}
