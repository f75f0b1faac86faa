import GatewayDomain
import Synchronization
import WireGuardEngine

/// Whose handle is whose, for those who read the data plane's reports.
final class PeerDirectory: Sendable {
    private let peers = Mutex<[PeerHandle: PeerID]>([:])
    private let gateways = Mutex<[GatewayHandle: GatewayID]>([:])

    func take(_ plan: NodeState.Plan) {
        peers.withLock { peers in
            for handle in plan.departed { peers[handle] = nil }
            for (handle, id) in plan.arrived { peers[handle] = id }
        }
    }

    func enter(_ handle: GatewayHandle, _ id: GatewayID) { gateways.withLock { $0[handle] = id } }

    func remove(_ handle: GatewayHandle) { gateways.withLock { $0[handle] = nil } }

    func peer(_ handle: PeerHandle) -> PeerID? { peers.withLock { $0[handle] } }

    func gateway(_ handle: GatewayHandle) -> GatewayID? { gateways.withLock { $0[handle] } }
}
