import Synchronization

/// The one place where a new view reaches the workers that carry a gateway. Its owner publishes; the
/// others see it at their next run of packets.
struct PublishedView: ~Copyable {
    private let generation = Atomic<UInt64>(0)
    private let view = Lock(NetworkView())

    /// Owner only.
    func publish(_ next: NetworkView) {
        view.withLock { $0 = next }
        generation.wrappingAdd(1, ordering: .releasing)
    }

    var newest: NetworkView { view.withLock { $0 } }

    /// Costs one load where nothing changed; lock and reference count are paid once per change.
    @inline(__always)
    func refresh(_ seen: inout SeenView, of gateway: GatewayHandle) {
        let newest = generation.load(ordering: .acquiring)
        guard newest != seen.generation else { return }
        fetch(newest, &seen, of: gateway)
    }

    @inline(never)
    private func fetch(_ newest: UInt64, _ seen: inout SeenView, of gateway: GatewayHandle) {
        seen = SeenView(generation: newest, view: view.withLock { $0 }, of: gateway)
    }
}

/// A worker's own reference to the view that it routes a gateway's packets by.
struct SeenView {
    let generation: UInt64
    /// Keeps what `current` points to.
    private let view: NetworkView
    let current: CurrentView

    init() {
        self.init(generation: .max, view: NetworkView(), egress: nil, remote: nil, distant: nil)
    }

    init(generation: UInt64, view: NetworkView, of gateway: GatewayHandle) {
        self.init(
            generation: generation,
            view: view,
            egress: view.egress(of: gateway),
            remote: view.remote(ofLane: gateway),
            distant: view.wayOut(overLane: gateway)
        )
    }

    private init(
        generation: UInt64,
        view: NetworkView,
        egress: EgressTable?,
        remote: UInt32?,
        distant: (egress: EgressTable, link: UInt32)?
    ) {
        self.generation = generation
        self.view = view
        current = CurrentView(
            network: .passUnretained(view),
            egress: egress.map { .passUnretained($0) },
            remote: remote,
            distant: distant.map { ($0.link, .passUnretained($0.egress)) }
        )
    }
}

/// What one run of packets is judged by, without counting references: the worker's `SeenView` keeps both
/// until its next run.
struct CurrentView {
    let network: Unmanaged<NetworkView>
    /// Nil where the gateway has no way out.
    let egress: Unmanaged<EgressTable>?
    /// The number of the node that packets come from over this interface, which is a lane's; nil for one
    /// with peers.
    let remote: UInt32?
    /// Of a lane whose link is a way out of a gateway of this node: the link's next-hop group, and by what the gateway
    /// judges what comes back.
    let distant: (link: UInt32, egress: Unmanaged<EgressTable>)?

    @inline(__always)
    func destination(of address: InnerPacket.FlowAddress, isIPv6: Bool) -> Destination? {
        network._withUnsafeGuaranteedRef { $0.destination(of: address, isIPv6: isIPv6) }
    }
}
