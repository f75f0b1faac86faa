import EgressFirewall
import Glibc
import NetAddress
import Synchronization
import SystemIO

/// The device through which packets leave the node, with the routes to it and the kernel's rules for it.
/// Each call waits for the kernel and for the program `nft`, so it is made on a thread of its own.
final class KernelInterface: Sendable {
    /// Why there is none, as a sentence that says what to do.
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    private struct State {
        var firewall: EgressFirewall
        var device: TUNDevice?
        var routed: Set<IPv4Prefix> = []
        /// Of the ranges above.
        var kept: DeviceRoutes?
        /// Nil where nothing was asked of the firewall.
        var plan: FirewallPlan?
    }

    private let pool: IPv4Prefix
    private let queues: Int
    private let publicAddress: @Sendable () -> IPv4Address?
    private let state: Mutex<State>

    /// - Parameters:
    ///   - dataDirectory: tells this server's rules from those of another one on this machine.
    ///   - queues: of the device, one for each worker.
    ///   - publicAddress: in whose name packets leave for the internet, where this machine has it; asked for with
    ///     each look.
    init(
        pool: IPv4Prefix,
        dataDirectory: String,
        queues: Int,
        publicAddress: @escaping @Sendable () -> IPv4Address? = { nil }
    ) {
        self.pool = pool
        self.publicAddress = publicAddress
        self.queues = queues
        state = Mutex(State(firewall: EgressFirewall(dataDirectory: dataDirectory)))
    }

    /// Removes what a process left behind that was killed.
    func removeLeftovers() throws {
        try state.withLock { try $0.firewall.removeLeftovers() }
    }

    /// Makes the device, or changes what leads to it. Where that fails, `remove` is to be called as soon as no
    /// worker uses the device: the number of a descriptor that is closed before may be that of another file.
    func install(_ demand: EgressDemand) throws -> TUNDevice {
        do {
            return try state.withLock { try install(demand, &$0) }
        } catch {
            throw Failure(error)
        }
    }

    /// Whether the device that was made is still there. Another program may have removed it.
    var hasDevice: Bool {
        state.withLock { state in
            guard let device = state.device else { return false }
            return InterfaceNames.number(of: device.name) == device.interface
        }
    }

    /// False where another program had changed the rules or the routes, which are as they should be again.
    func verify() throws -> Bool {
        try state.withLock { state in
            try followPublicAddress(&state)
            let areRoutesUnchanged = try verifyRoutes(state)
            return try state.firewall.verify() && areRoutesUnchanged
        }
    }

    /// The address may be another one by now, or have come to this machine or left it.
    private func followPublicAddress(_ state: inout State) throws {
        guard var plan = state.plan, plan.publicAddress != ownPublicAddress else { return }
        plan.publicAddress = ownPublicAddress
        try state.firewall.install(plan)
        // Not before: what fails is tried again with the next look.
        state.plan = plan
    }

    private func verifyRoutes(_ state: borrowing State) throws -> Bool {
        guard let device = state.device, let kept = state.kept else { return true }
        let netlink = try NetlinkSocket()
        // Before the look: the kernel tells that a device goes off before it forgets the routes, and does this after
        // what it is doing.
        try netlink.change(interface: device.interface, isUp: true)
        guard try kept.areLost(netlink) else { return true }
        do {
            try kept.restore(netlink)
        } catch let taken as DeviceRoutes.Taken {
            throw Self.failure(taken)
        }
        return false
    }

    /// Two servers with one pool would take each other's answers.
    private static func failure(_ taken: DeviceRoutes.Taken) -> Failure {
        Failure(
            description: """
                \(taken.destination) of the egress pool is routed through \(taken.device ?? "nowhere") already: give \
                this server another pool with --egress-pool.
                """
        )
    }

    /// Of the device, its routes and the rules for it; nil while there is none.
    func news() throws -> KernelNews? {
        try state.withLock { state in
            try state.device.map {
                try KernelNews(of: $0.interface, table: state.firewall.tableName)
            }
        }
    }

    /// What stands in the way of packets that leave: rules of other programs that drop them, and for the internet
    /// that no route leads there.
    func wayOut() throws -> WayOut {
        try state.withLock { state in
            guard let plan = state.plan else { return .open(obstacle: nil) }
            let leadsToInternet =
                !plan.hasInternet || state.firewall.hasDefaultRoute(for: plan)
                || Self.routesByRule(besides: state.device)
            return .open(
                obstacle: try state.firewall.obstacles(to: plan).first?.description,
                internetObstacle: leadsToInternet ? nil : Self.noDefaultRoute
            )
        }
    }

    private static let noDefaultRoute = """
        the machine of the gateway has no default route, so that packets to the internet get no answers; give it one, \
        as ip route add default via ROUTER does
        """

    /// Whether a rule leads to another table that has a default route, which the main table's list does not show.
    private static func routesByRule(besides device: TUNDevice?) -> Bool {
        // Any public address will do: this one is of a root server of the DNS.
        guard let address = IPAddress("198.41.0.4"), let netlink = try? NetlinkSocket(),
            let interface = (try? netlink.route(to: address))?.interface
        else { return false }
        return interface != device?.interface
    }

    /// What our rules have dropped, in packets, by the name of the counter.
    func drops() throws -> [String: Int] {
        try state.withLock { try $0.plan == nil ? [:] : $0.firewall.drops() }
    }

    func remove() {
        state.withLock { remove(&$0) }
    }

    private func install(_ demand: EgressDemand, _ state: inout State) throws -> TUNDevice {
        let device = try state.device ?? TUNDevice(queues: queues)
        state.device = device
        let netlink = try NetlinkSocket()
        try device.start(mtu: demand.mtu, netlink)
        let plan = demand.plan(device: device.name, pool: pool, publicAddress: ownPublicAddress)
        let before = state.plan
        // Also where it fails half-way.
        state.plan = plan
        if plan != before { try state.firewall.install(plan) }
        try lead(Set(demand.mapped), to: device, &state, netlink)
        return device
    }

    private func lead(
        _ mapped: Set<IPv4Prefix>,
        to device: TUNDevice,
        _ state: inout State,
        _ netlink: borrowing NetlinkSocket
    ) throws {
        var kept = state.kept ?? DeviceRoutes(to: device.interface)
        defer { state.kept = kept }
        do {
            for range in mapped.subtracting(state.routed) {
                try kept.add(.v4(range), netlink)
                state.routed.insert(range)
            }
        } catch let taken as DeviceRoutes.Taken {
            throw Self.failure(taken)
        }
        for range in state.routed.subtracting(mapped) { kept.remove(.v4(range), netlink) }
        state.routed = mapped
    }

    /// Behind a router that translates addresses, the machine does not have it.
    private var ownPublicAddress: IPv4Address? {
        guard let publicAddress = publicAddress(), publicAddress.bits >> 24 != 127,
            InterfaceNames.name(having: .v4(publicAddress)) != nil
        else { return nil }
        return publicAddress
    }

    private func remove(_ state: inout State) {
        // With its routes.
        state.device?.shut()
        state.device = nil
        state.routed = []
        state.kept = nil
        if state.plan != nil { try? state.firewall.remove() }
        state.plan = nil
    }
}

extension KernelInterface.Failure {
    init(_ error: any Error) {
        switch error {
        case SystemError.system(_, EPERM), SystemError.system(_, EACCES):
            description = FirewallError.rightMissing(.current).description
        case SystemError.system(_, ENOENT), SystemError.system(_, ENODEV),
            SystemError.system(_, ENXIO):
            description = """
                The device /dev/net/tun is missing, which egress needs, and which a container has to be given: \
                run sudo modprobe tun.
                """
        default:
            description = "\(error)"
        }
    }
}
