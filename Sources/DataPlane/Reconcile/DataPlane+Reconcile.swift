package import NetAddress
import Synchronization
import SystemIO
import WireGuardEngine

/// The one way in which what is carried changes. Calls do not overlap: each caller has one loop.
extension DataPlane {
    /// Makes the data plane carry this and nothing else. What is carried already goes on undisturbed.
    package func reconcile(to state: DesiredState) async -> Reconciliation {
        await perform(withCarried { $0.changes(to: state) }, at: BootClock.moment.wall)
    }

    /// The same step by step: of a hundred thousand peers one costs one. Gateways that could not be
    /// opened before are tried again, also without a change.
    package func reconcile(_ changes: [DesiredChange] = []) async -> Reconciliation {
        await perform(changes, at: BootClock.moment.wall)
    }
}

extension DataPlane {
    /// Makes the packets of a link take this path, from their next runs on. It holds until another one is taken, or the
    /// link or the one that it goes around by is desired no longer: then it is unreachable.
    ///
    /// - Returns: false, and nothing is changed, for a link that is not desired, and for a detour by one that is not of the
    ///   same network.
    @discardableResult
    package func take(_ path: LinkPath, for link: DesiredLink.ID) -> Bool {
        withCarried { $0.take(path, for: link) }
    }
}

extension DataPlane: Reconciling {
    func withCarried<Result>(_ body: (inout CarriedState) -> Result) -> Result {
        carried.withLock { body(&$0) }
    }
}

// What is done to peers, beside what is desired of them

extension DataPlane {
    /// Peers heard within this time before a restart are called: a client with a keepalive was heard
    /// within seconds of the stop, and a restart takes minutes at most.
    package static let callWithinSeconds: UInt64 = 600
    private static let callBatch = 64

    /// Starts handshakes with peers whose sessions a restart has ended, which would need 15 seconds to
    /// notice. Packets are carried between the batches. Ends early when its task is cancelled.
    package func call(_ peers: [DesiredPeer.ID]) async {
        for start in stride(from: 0, to: peers.count, by: Self.callBatch) where !Task.isCancelled {
            let batch = peers[start..<min(start + Self.callBatch, peers.count)]
            await apply(batch.map { ($0, DataPlaneChange.initiateHandshake) })
        }
    }

    /// Moves peers to where they are now, whatever their configured endpoints are.
    package func relocate(_ peers: [(id: DesiredPeer.ID, endpoint: Endpoint)]) async {
        await apply(peers.map { peer in (peer.id, { .relocatePeer($0, peer.endpoint) }) })
    }

    private func apply(
        _ changes: [(peer: DesiredPeer.ID, change: (PeerHandle) -> DataPlaneChange)]
    ) async {
        let byPlacement = withCarried { carried in
            var byPlacement: [UInt32: [DataPlaneChange]] = [:]
            for (peer, change) in changes {
                guard let place = carried.place(of: peer) else { continue }
                byPlacement[place.placement, default: []].append(change(place.handle))
            }
            return byPlacement
        }
        for (placement, changes) in byPlacement { await apply(changes, placement: placement) }
    }
}
