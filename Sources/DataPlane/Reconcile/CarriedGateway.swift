import NetAddress
import SystemIO
import WireGuardEngine

/// What opens a gateway.
struct GatewayOpening {
    let handle: GatewayHandle
    let configuration: GatewayConfiguration
    let listen: ListenAddress
    /// Of its network.
    let placement: UInt32
}

/// A gateway that is desired, and what of it is open.
struct CarriedGateway {
    struct Listening {
        let handle: GatewayHandle
        let port: UInt16
    }

    var desired: DesiredGateway
    /// Its place among all gateways that were ever desired. Where sockets are short, the first come is
    /// opened first, and one that is closed for a change keeps its place.
    let arrival: UInt64
    /// Nil for a lane.
    var account: SharedAccount?
    /// Nil while it is not open; its peers and routes are not in the engine then.
    var listening: Listening?
    /// Zero before it was open for the first time.
    var lastPort: UInt16 = 0

    /// The address and port of `next`; where that leaves the port open, the one that clients know.
    func listen(for next: DesiredGateway) -> ListenAddress {
        var listen = next.listen
        if listen.port == 0 { listen.port = lastPort }
        return listen
    }

    /// Whether it has to be closed, and opened as `next`.
    func isReplaced(by next: DesiredGateway) -> Bool {
        guard listening != nil else { return false }
        return mustMove(for: next) || desired.networkID != next.networkID
            || desired.configuration.privateKey != next.configuration.privateKey
            || desired.organization?.id != next.organization?.id
            || desired.configuration.localDelivery != next.configuration.localDelivery
    }

    /// Whether `next` listens elsewhere.
    func mustMove(for next: DesiredGateway) -> Bool {
        desired.listen.address != next.listen.address
            || listen(for: next).port != lastPort
    }

    /// What makes an open gateway what it should be, apart from its routes.
    func changes(to next: DesiredGateway) -> [DataPlaneChange] {
        let (old, new) = (desired.configuration, next.configuration)
        guard let listening, old.addresses != new.addresses || old.mtu != new.mtu else { return [] }
        return [
            .reconfigureGateway(listening.handle, addresses: new.addresses, mtu: new.mtu)
        ]
    }
}
