public import WireGuardEngine

/// A gateway and some of its peers, as its worker has them.
public struct GatewaySlice: Sendable {
    public let port: UInt16
    public let state: GatewayState
}
