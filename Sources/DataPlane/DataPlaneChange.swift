import NetAddress
import WireGuardEngine

/// A change of what a worker carries. Each case is the engine's method of that name.
enum DataPlaneChange: Sendable {
    case reconfigureGateway(GatewayHandle, addresses: [InterfaceAddress], mtu: Int)
    case installPeer(
        PeerHandle,
        on: GatewayHandle,
        PeerConfiguration,
        charging: PeerAccount? = nil
    )
    case removePeer(PeerHandle)
    case relocatePeer(PeerHandle, Endpoint)
    case publish(NetworkView, to: [GatewayHandle])
    case initiateHandshake(PeerHandle)
}
