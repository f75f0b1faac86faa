import JSON
import SystemIO

/// What one server has told the node's kernel, from its first gateway with egress to its last. Each call
/// waits for the program `nft`.
///
/// Forwarding is switched on for single devices, the TUN device and those that the plan's destinations
/// are reached through, and only where it is off. What was switched on is given back, unless another
/// program has switched it on for all devices meanwhile. Two servers may need the same device: the one that
/// stays finds it switched off by `verify`, and switches it on again.
package struct EgressFirewall {
    private let table: FirewallTable
    private let forwarding: ForwardingSwitch
    private let devices: SwitchedDevices
    private let routes: @Sendable () -> String
    private var installed: Installed?

    private struct Installed {
        let plan: FirewallPlan
        let script: String
        /// What the kernel says of the table, without what changes by itself.
        let listing: String
    }

    package init(dataDirectory: String) {
        self.init(
            dataDirectory: dataDirectory,
            forwarding: ForwardingSwitch(),
            routes: Self.currentRoutes
        )
    }

    init(
        dataDirectory: String,
        forwarding: ForwardingSwitch,
        routes: @escaping @Sendable () -> String
    ) {
        table = FirewallTable(dataDirectory: dataDirectory)
        devices = SwitchedDevices(dataDirectory: dataDirectory)
        self.forwarding = forwarding
        self.routes = routes
    }

    static func currentRoutes() -> String {
        let bytes = try? SmallFile.read("/proc/thread-self/net/route", atMost: 1 << 20)
        return String(decoding: bytes ?? [], as: UTF8.self)
    }

    /// The name of the table, for the log.
    package var tableName: String { table.name }

    /// The devices whose forwarding this server has switched on, for the log.
    package var switchedDevices: [String] { devices.read() ?? [] }

    /// Removes what a process left that was killed; to be called at a start. Costs nothing where
    /// nothing was left.
    package mutating func removeLeftovers() throws(FirewallError) {
        if devices.read() != nil { try remove() }
    }

    /// Makes the kernel do what the plan says, from one packet to the next. The TUN device is there.
    package mutating func install(_ plan: FirewallPlan) throws(FirewallError) {
        let (closed, _) = try switchOn(for: plan)
        let script = table.script(for: plan, closed: closed)
        try NFTables.apply(script)
        guard let listing = try listing() else {
            throw .refused("the table was gone as soon as it was installed")
        }
        _ = try TableGuard.install(for: plan.device)
        installed = Installed(plan: plan, script: script, listing: listing)
    }

    /// Looks whether table and switches are still as they were installed. Where another program has
    /// changed them, or the routes have changed, they are installed again, and the answer is false.
    package mutating func verify() throws(FirewallError) -> Bool {
        guard let installed else { return true }
        let wasGuarded = try TableGuard.install(for: installed.plan.device)
        let (closed, wasOn) = try switchOn(for: installed.plan)
        if table.script(for: installed.plan, closed: closed) == installed.script,
            try listing() == installed.listing
        {
            return wasOn && wasGuarded
        }
        try install(installed.plan)
        return false
    }

    package mutating func remove() throws(FirewallError) {
        let device = installed?.plan.device
        installed = nil
        if !forwarding.isOnForAll {
            for device in switchedDevices where forwarding.isOn(device) {
                try forwarding.set(device, false)
            }
        }
        try NFTables.apply(table.removalScript)
        TableGuard.remove(for: device)
        devices.remove()
    }

    /// Which rules of other programs would drop what the plan lets through.
    package func obstacles(to plan: FirewallPlan) throws(FirewallError) -> [ForwardObstacle] {
        let outputs = RouteTable(routes()).outputs(for: plan)
        return ForwardObstacle.all(
            in: Ruleset(try NFTables.list(["ruleset"]) ?? []),
            against: plan,
            besides: [table.name],
            outputs: outputs
        )
    }

    /// Whether the kernel's main table of routes leads to the public internet.
    package func hasDefaultRoute(for plan: FirewallPlan) -> Bool {
        RouteTable(routes()).hasDefault(besides: plan.device)
    }

    /// What our rules have dropped, in packets, by the name of the counter.
    package func drops() throws(FirewallError) -> [String: Int] {
        var drops: [String: Int] = [:]
        for case .object(let object) in try NFTables.list(["table", "inet", table.name]) ?? [] {
            guard case .object(let counter) = object["counter"], let name = counter["name"]?.text,
                case .integer(let packets) = counter["packets"]
            else { continue }
            drops[name] = packets
        }
        return drops
    }

    /// The devices from which nothing but answers to us is to be forwarded, and whether all that are
    /// needed were on.
    private func switchOn(
        for plan: FirewallPlan
    ) throws(FirewallError) -> (closed: [String], wasOn: Bool) {
        let outputs = RouteTable(routes()).outputs(for: plan)
        let isOnForAll = forwarding.isOnForAll
        let before = devices.read()
        // Where all are on, another program counts on it: nothing will be given back.
        var switched = isOnForAll ? [] : before ?? []
        for device in outputs where !forwarding.isOn(device) && !switched.contains(device) {
            switched.append(device)
        }
        if switched != before { try devices.write(switched) }
        let off = ([plan.device] + outputs).filter { !forwarding.isOn($0) }
        for device in off { try forwarding.set(device, true) }
        return (switched, off.isEmpty)
    }

    private func listing() throws(FirewallError) -> String? {
        guard let objects = try NFTables.list(["table", "inet", table.name]) else { return nil }
        return JSONValue.array(objects.map(Self.lasting)).encoded
    }

    /// Without counts, and without handles, which are others after each installation.
    private static func lasting(_ value: JSONValue) -> JSONValue {
        switch value {
        case .array(let elements): return .array(elements.map(lasting))
        case .object(let object):
            let changing: Set = ["handle", "packets", "bytes"]
            let members = object.members.filter { !changing.contains($0.name) }
            return .object(
                JSONObject(members.map { .init(name: $0.name, value: lasting($0.value)) })
            )
        default: return value
        }
    }
}
