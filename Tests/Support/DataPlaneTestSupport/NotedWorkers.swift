package import NetAddress
import Synchronization
package import SystemIO
package import WireGuardEngine

@testable package import DataPlane

/// Workers that do nothing but note what is asked of them, and what an engine would have then.
package final class NotedWorkers: Sendable {
    /// What the engines have.
    package struct Picture: Sendable {
        package struct Gateway: Sendable {
            package var port: UInt16
            package var placement: UInt32
            package var addresses: [InterfaceAddress]
            package var mtu: Int
            package var view = NetworkView()
        }

        package struct Peer: Sendable {
            package var gateway: GatewayHandle
            package var configuration: PeerConfiguration
        }

        package var gateways: [GatewayHandle: Gateway] = [:]
        package var peers: [PeerHandle: Peer] = [:]
    }

    fileprivate struct Notes {
        var words: [String] = []
        var faults: [String] = []
        var picture = Picture()
        /// Peers by slot; of those that went with their gateway some may be left.
        var occupants: [UInt32: Set<PeerHandle>] = [:]
        var busyPorts: Set<UInt16> = []
        var freePort: UInt16 = 40_000
    }

    private let carried = Mutex(CarriedState())
    private let notes = Mutex(Notes())

    package init() {}

    package func reconcile(
        to state: DesiredState,
        at now: WallTime = BootClock.moment.wall
    ) async -> Reconciliation {
        await perform(carried.withLock { $0.changes(to: state) }, at: now)
    }

    package func reconcile(
        _ changes: [DesiredChange] = [],
        at now: WallTime = BootClock.moment.wall
    ) async -> Reconciliation {
        await perform(changes, at: now)
    }

    package func setBusy(_ ports: Set<UInt16>) { notes.withLock { $0.busyPorts = ports } }

    /// What was done since the last call, a word or two for each.
    package func takeWords() -> [String] {
        notes.withLock { notes in
            defer { notes.words = [] }
            return notes.words
        }
    }

    /// What no engine would have borne.
    package var faults: [String] { notes.withLock { $0.faults } }

    package var picture: Picture { notes.withLock { $0.picture } }

    package func peer(of handle: PeerHandle) -> DesiredPeer? {
        carried.withLock { $0.peer(of: handle) }
    }

    package func gateway(of handle: GatewayHandle) -> DesiredGateway.ID? {
        carried.withLock { $0.gateway(of: handle) }
    }

    package func handle(of id: DesiredPeer.ID) -> PeerHandle? {
        carried.withLock { $0.place(of: id)?.handle }
    }
}

extension NotedWorkers: Reconciling {
    package func withCarried<Result>(_ body: (inout CarriedState) -> Result) -> Result {
        carried.withLock { body(&$0) }
    }

    package func open(
        _ handle: GatewayHandle,
        _ configuration: GatewayConfiguration,
        listen: ListenAddress,
        placement: UInt32
    ) async throws(SystemError) -> UInt16 {
        let port = notes.withLock { notes -> UInt16? in
            if listen.port == 0 { notes.freePort += 1 }
            let port = listen.port == 0 ? notes.freePort : listen.port
            let used = notes.picture.gateways.values.map(\.port)
            guard !notes.busyPorts.contains(port), !used.contains(port) else { return nil }
            notes.words.append("open \(handle.word) port \(listen.port)")
            if notes.picture.gateways.keys.contains(where: { $0.slot == handle.slot }) {
                notes.faults.append("\(handle.word) is opened where another gateway is")
            }
            notes.picture.gateways[handle] = Picture.Gateway(
                port: port,
                placement: placement,
                addresses: configuration.addresses,
                mtu: configuration.mtu
            )
            return port
        }
        guard let port else { throw .portBusy(listen.port) }
        return port
    }

    package func close(_ handle: GatewayHandle, placement: UInt32) async {
        notes.withLock { notes in
            notes.words.append("close \(handle.word)")
            let gateway = notes.picture.gateways.removeValue(forKey: handle)
            if gateway?.placement != placement {
                notes.faults.append("\(handle.word) is closed where it is not")
            }
            notes.picture.peers = notes.picture.peers.filter { $0.value.gateway != handle }
        }
    }

    package func apply(_ changes: [DataPlaneChange], placement: UInt32) async {
        notes.withLock { notes in
            for change in changes { notes.apply(change, placement) }
        }
    }
}

extension NotedWorkers.Notes {
    fileprivate mutating func apply(_ change: DataPlaneChange, _ placement: UInt32) {
        words.append(change.words)
        switch change {
        case .reconfigureGateway(let gateway, let addresses, let mtu):
            check(gateway, placement)
            picture.gateways[gateway]?.addresses = addresses
            picture.gateways[gateway]?.mtu = mtu
        case .installPeer(let peer, let gateway, var configuration, _):
            check(gateway, placement)
            let isTaken = (occupants[peer.slot] ?? []).contains { other in
                let gateway = picture.peers[other]?.gateway
                return other != peer
                    && gateway.flatMap { picture.gateways[$0]?.placement } == placement
            }
            occupants[peer.slot, default: []].insert(peer)
            if isTaken { faults.append("\(peer.word) is installed where another peer is") }
            configuration.endpoint =
                picture.peers[peer]?.configuration.endpoint ?? configuration.endpoint
            picture.peers[peer] = .init(gateway: gateway, configuration: configuration)
        case .removePeer(let peer):
            picture.peers[peer] = nil
            occupants[peer.slot]?.remove(peer)
        case .relocatePeer(let peer, let endpoint):
            check(peer)
            picture.peers[peer]?.configuration.endpoint = endpoint
        case .publish(let view, let gateways):
            for gateway in gateways {
                check(gateway, placement)
                picture.gateways[gateway]?.view = view
            }
            for route in view.list {
                guard case .peer(let peer) = route.destination else { continue }
                check(peer)
            }
        case .initiateHandshake(let peer):
            check(peer)
        }
    }

    private mutating func check(_ gateway: GatewayHandle, _ placement: UInt32) {
        guard picture.gateways[gateway]?.placement != placement else { return }
        faults.append("gateway \(gateway.word) is not there")
    }

    private mutating func check(_ peer: PeerHandle) {
        guard picture.peers[peer] == nil else { return }
        faults.append("peer \(peer.word) is not there")
    }
}

extension DataPlaneChange {
    fileprivate var words: String {
        switch self {
        case .reconfigureGateway(_, let addresses, let mtu):
            "reconfigure \(addresses.map { "\($0.address)" }.joined(separator: " ")) mtu \(mtu)"
        case .installPeer(let peer, let gateway, let configuration, _):
            "install \(peer.word) on \(gateway.slot)"
                + (configuration.endpoint.map { " at \($0)" } ?? "")
        case .removePeer(let peer): "remove \(peer.word)"
        case .relocatePeer(let peer, let to): "relocate \(peer.word) \(to)"
        case .publish(_, let gateways): "publish to \(gateways.map(\.slot).sorted())"
        case .initiateHandshake(let peer): "call \(peer.word)"
        }
    }
}

extension PeerHandle {
    fileprivate var word: String { "\(slot).\(generation)" }
}

extension GatewayHandle {
    fileprivate var word: String { "\(slot).\(generation)" }
}
