public import NetAddress
public import WireGuardCrypto

/// What the engine must know of a WireGuard interface. Its routes come apart from it, as a
/// `ForwardingTable` that all gateways of one network share.
public struct GatewayConfiguration: Sendable {
    /// Who takes packets that are addressed to the gateway itself.
    public enum LocalDelivery: Sendable {
        /// The engine answers echo requests as a router does and drops the rest.
        case router
        /// The packet is handed out (`Delivery`), as a host's own stack would receive it.
        case host
    }

    public var privateKey: SecretKey
    /// The gateway's own addresses inside the tunnel; ICMP errors come from them.
    public var addresses: [InterfaceAddress]
    /// The largest inner packet that is forwarded, in bytes.
    public var mtu: Int
    public var localDelivery: LocalDelivery

    public init(
        privateKey: SecretKey,
        addresses: [InterfaceAddress],
        mtu: Int = 1420,
        localDelivery: LocalDelivery = .router
    ) {
        self.privateKey = privateKey
        self.addresses = addresses
        self.mtu = mtu
        self.localDelivery = localDelivery
    }
}
