public import NetAddress
public import WireGuardCrypto

/// What the engine must know of a WireGuard interface. What its packets are judged by comes
/// apart from it, as a `NetworkView` that all gateways of one network share.
public struct GatewayConfiguration: Sendable {
    /// Who takes packets that are addressed to the gateway itself.
    public enum LocalDelivery: Sendable {
        /// The engine answers echo requests as a router does and drops the rest.
        case router
        /// The packet is handed out (`Delivery`), as a host's own stack would receive it.
        case host
        /// All that peers send leaves through the interface (`OutgoingBatch.packets`), as it would in a
        /// host's own WireGuard device: the host routes, and no packet goes from peer to peer.
        case interface
    }

    public var privateKey: SecretKey
    /// The gateway's own addresses inside the tunnel; ICMP errors come from them.
    public var addresses: [InterfaceAddress]
    /// The largest inner packet that is forwarded, in bytes.
    public var mtu: Int
    public var localDelivery: LocalDelivery
    /// The number of the lane of a link that this interface is; nil for one with peers. Sessions of lanes with
    /// neighbouring numbers are steered to different workers.
    public var lane: Int?
    /// What all peers share; nil for a lane.
    public var account: SharedAccount?

    public init(
        privateKey: SecretKey,
        addresses: [InterfaceAddress],
        mtu: Int = 1420,
        localDelivery: LocalDelivery = .router,
        lane: Int? = nil,
        account: SharedAccount? = nil
    ) {
        self.privateKey = privateKey
        self.addresses = addresses
        self.mtu = mtu
        self.localDelivery = localDelivery
        self.lane = lane
        self.account = account
    }
}
