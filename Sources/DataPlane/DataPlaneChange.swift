public import NetAddress
public import WireGuardEngine

/// A change of what a worker carries. Each case is the engine's method of that name.
public enum DataPlaneChange: Sendable {
    case reconfigureGateway(GatewayHandle, addresses: [InterfaceAddress], mtu: Int)
    case installPeer(PeerHandle, on: GatewayHandle, PeerConfiguration)
    case removePeer(PeerHandle)
    case relocatePeer(PeerHandle, Endpoint)
    case publish(ForwardingTable, to: [GatewayHandle])
    case initiateHandshake(PeerHandle)
}
