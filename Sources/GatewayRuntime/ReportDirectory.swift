package import GatewayDomain
import Synchronization
package import WireGuardEngine

/// Which gateway or peer of the store a handle of the data plane stands for; needed to read its
/// reports, and to show the open gateways.
final class ReportDirectory: Sendable {
    private let peers = Mutex<[PeerHandle: PeerID]>([:])
    private let gateways = Mutex<[GatewayHandle: (id: GatewayID, placement: UInt32)]>([:])

    func apply(_ plan: NodeState.Plan) {
        peers.withLock { peers in
            for handle in plan.departed { peers[handle] = nil }
            for (handle, id) in plan.arrived { peers[handle] = id }
        }
    }

    func insert(_ handle: GatewayHandle, _ id: GatewayID, placement: UInt32) {
        gateways.withLock { $0[handle] = (id, placement) }
    }

    func remove(_ handle: GatewayHandle) { gateways.withLock { $0[handle] = nil } }

    func peer(_ handle: PeerHandle) -> PeerID? { peers.withLock { $0[handle] } }

    func gateway(_ handle: GatewayHandle) -> GatewayID? { gateways.withLock { $0[handle]?.id } }

    /// All that are open, in the order of their ids.
    var open: [OpenGateway] {
        gateways.withLock { gateways in
            gateways.map { OpenGateway(id: $1.id, handle: $0, placement: $1.placement) }
        }
        .sorted { "\($0.id)" < "\($1.id)" }
    }
}

/// A gateway whose sockets are open, and its placement among the workers.
package struct OpenGateway: Sendable {
    package let id: GatewayID
    package let handle: GatewayHandle
    package let placement: UInt32
}
