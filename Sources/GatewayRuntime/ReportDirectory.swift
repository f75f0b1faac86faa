package import GatewayDomain
import Synchronization
package import WireGuardEngine

/// Which gateway or peer of the store a handle of the data plane stands for; needed to read its
/// reports, and to show the open gateways.
final class ReportDirectory: Sendable {
    private let peers = Mutex<[PeerHandle: ReportedPeer]>([:])
    private let gateways = Mutex<[GatewayHandle: OpenGateway]>([:])

    func apply(_ plan: NodeState.Plan) {
        peers.withLock { peers in
            for handle in plan.departed { peers[handle] = nil }
            for (handle, id, gateway) in plan.arrived {
                peers[handle] = ReportedPeer(id: id, gatewayID: gateway)
            }
        }
        gateways.withLock { gateways in
            for (handle, name) in plan.renamed { gateways[handle]?.name = name }
        }
    }

    func insert(_ gateway: OpenGateway) {
        gateways.withLock { $0[gateway.handle] = gateway }
    }

    func remove(_ handle: GatewayHandle) { gateways.withLock { $0[handle] = nil } }

    func peer(_ handle: PeerHandle) -> ReportedPeer? { peers.withLock { $0[handle] } }

    func gateway(_ handle: GatewayHandle) -> GatewayID? { gateways.withLock { $0[handle]?.id } }

    /// All that are open, in the order of their ids.
    var open: [OpenGateway] {
        gateways.withLock { Array($0.values) }.sorted { $0.id < $1.id }
    }
}

struct ReportedPeer: Sendable {
    let id: PeerID
    let gatewayID: GatewayID
}

/// A gateway whose sockets are open, and its placement among the workers.
package struct OpenGateway: Sendable {
    package let id: GatewayID
    package fileprivate(set) var name: String?
    package let handle: GatewayHandle
    package let placement: UInt32

    init(id: GatewayID, name: String?, handle: GatewayHandle, placement: UInt32) {
        self.id = id
        self.name = name
        self.handle = handle
        self.placement = placement
    }
}
