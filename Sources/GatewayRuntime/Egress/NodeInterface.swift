import DataPlane
import Logging
import SystemIO

/// The node's way out of its networks, as the follower of the store has it: there while a gateway asks for it,
/// looked after, and gone with the last of them.
struct NodeInterface {
    private let kernel: any NodeKernel
    private let dataPlane: DataPlane
    private let drops: FirewallDrops
    private let logger: Logger
    /// How often rules are looked at which other programs may have changed, and how soon what failed is
    /// tried again.
    private let pause: Duration
    private var demand: EgressDemand?
    private var device: TUNDevice?
    private var news: KernelNews?
    private var nextLook = ContinuousClock.now
    private(set) var wayOut = WayOut.unneeded

    init(
        _ kernel: any NodeKernel,
        _ dataPlane: DataPlane,
        drops: FirewallDrops,
        pause: Duration = .seconds(5),
        logger: Logger
    ) {
        self.kernel = kernel
        self.pause = pause
        self.dataPlane = dataPlane
        self.drops = drops
        self.logger = logger
    }

    func removeLeftovers() async {
        do {
            try await onThread { try $0.removeLeftovers() }
        } catch {
            logger.warning(
                "rules that an earlier process left are still there",
                metadata: ["reason": "\(error)"]
            )
        }
    }

    /// Makes what is needed before gateways use it.
    mutating func prepare(_ next: EgressDemand?) async {
        guard let next else { return }
        if next != demand || !wayOut.isOpen && ContinuousClock.now >= nextLook {
            await install(next)
        } else if wayOut.isOpen, ContinuousClock.now >= nextLook {
            await look()
        }
    }

    /// Removes what no gateway uses any more.
    mutating func finish(_ next: EgressDemand?) async {
        guard next == nil, demand != nil else { return }
        await remove()
    }

    mutating func remove() async {
        demand = nil
        wayOut = .unneeded
        if device != nil { logger.info("packets no longer leave through this machine") }
        await close()
    }

    private mutating func install(_ next: EgressDemand) async {
        demand = next
        nextLook = ContinuousClock.now + pause
        do {
            let made = try await onThread { try $0.install(next) }
            if device !== made {
                follow(try await onThread { try $0.news() })
                await dataPlane.attach(made)
                logger.info(
                    "packets leave through this machine",
                    metadata: ["device": "\(made.name)"]
                )
            }
            device = made
            wayOut = (try? await onThread { try $0.wayOut() }) ?? .open(obstacle: nil)
        } catch {
            await close()
            wayOut = .closed(reason: "\(error)")
        }
    }

    /// Until then packets find no way: what another program has changed is put back at once.
    private mutating func follow(_ next: KernelNews?) {
        news?.stop()
        news = next
        guard let next else { return }
        let kernel = kernel
        let logger = logger
        let thread = try? WorkerThread(named: "wgw-egress-news", processor: nil) {
            while let isChange = next.wait(atMost: .seconds(60)) {
                // What cannot be verified is looked at again by `look`, which tells why.
                if isChange, (try? kernel.verify()) == false { Self.tellRepair(logger) }
            }
        }
        thread?.detach()
    }

    private static func tellRepair(_ logger: Logger) {
        logger.warning(
            "the rules and routes for packets that leave were changed, and are installed again"
        )
    }

    /// No worker uses the device any more when it is removed.
    private mutating func close() async {
        news?.stop()
        news = nil
        if device != nil { await dataPlane.detachInterface() }
        device = nil
        try? await onThread { $0.remove() }
        drops.set([:])
    }

    private mutating func look() async {
        nextLook = ContinuousClock.now + pause
        do {
            if try await !onThread({ $0.hasDevice }), let demand {
                logger.warning(
                    "the device through which packets leave was removed, and is made again"
                )
                await close()
                return await install(demand)
            }
            let isUnchanged = try await onThread { try $0.verify() }
            if !isUnchanged { Self.tellRepair(logger) }
            drops.set(try await onThread { try $0.drops() })
            wayOut = try await onThread { try $0.wayOut() }
        } catch {
            logger.warning(
                "the rules for packets that leave cannot be looked at",
                metadata: ["reason": "\(error)"]
            )
        }
    }

    private func onThread<Value: Sendable>(
        _ work: @escaping @Sendable (any NodeKernel) throws -> Value
    ) async throws -> Value {
        let kernel = kernel
        return try await WorkerThread.value(named: "wgw-egress") { try work(kernel) }
    }
}
