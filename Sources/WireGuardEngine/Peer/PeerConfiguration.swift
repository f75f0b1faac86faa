public import NetAddress
public import WireGuardCrypto

/// What the engine must know of a peer. Its allowed addresses are routes of the `NetworkView`.
public struct PeerConfiguration: Sendable {
    public var publicKey: PublicKey
    public var presharedKey: SecretKey?
    /// Seconds; zero sends none.
    public var persistentKeepalive: UInt16
    /// Where the peer was last heard, or is known to be. It moves with the peer's own packets.
    public var endpoint: Endpoint?
    /// Of a lane's peer: how it is probed; nil for all others.
    public var probe: ProbePath?
    /// Nil without limits.
    public var limits: PeerLimits?

    public init(
        publicKey: PublicKey,
        presharedKey: SecretKey? = nil,
        persistentKeepalive: UInt16 = 0,
        endpoint: Endpoint? = nil,
        probe: ProbePath? = nil,
        limits: PeerLimits? = nil
    ) {
        self.publicKey = publicKey
        self.presharedKey = presharedKey
        self.persistentKeepalive = persistentKeepalive
        self.endpoint = endpoint
        self.probe = probe
        self.limits = limits
    }
}
