import Glibc
package import NetAddress
import Synchronization
package import SystemIO

/// This machine as the plan has it: addresses, routes, rules and name servers of one device.
///
/// The kernel takes addresses and routes away with the device. Rules and name servers are undone here, or
/// by the next process (`ConnectionRecord`).
package final class HostNetwork: Sendable {
    private let plan: ConnectPlan
    private let device: TUNDevice
    /// Of the tunnel's own packets, and the number of the table for all others.
    private let mark: UInt32
    private let lock: LockedRecord
    /// What is in use; nil before it is.
    private let used = Mutex<Used?>(nil)

    private struct Used {
        var routes: RoutePlan
        var record: ConnectionRecord
        var kept: DeviceRoutes
    }

    /// - Parameter device: opened for the place.
    package init(_ plan: ConnectPlan, on device: TUNDevice, at place: HostPlace) {
        self.plan = plan
        self.device = device
        mark = place.mark
        lock = place.lock
    }

    /// What could not be done, and what it means: sentences.
    package func setUp() throws -> [String] {
        let netlink = try NetlinkSocket()
        var record = ConnectionRecord(process: getpid(), device: device.name, mark: mark)
        try lock.write(record)
        for address in plan.addresses {
            try netlink.add(address.address, length: address.length, to: device.interface)
        }
        try device.start(mtu: plan.mtu, netlink)
        var kept = DeviceRoutes(to: device.interface)
        for prefix in plan.routes.prefixes {
            try add(prefix, to: plan.routes.table ?? SystemRoute.mainTable, &kept, netlink)
        }
        for prefix in plan.routes.beyondEndpoints { try add(prefix, to: mark, &kept, netlink) }
        try kept.forgetLost(netlink)
        for isIPv6 in plan.routes.ruledFamilies { try addRules(isIPv6: isIPv6, &record, netlink) }
        defer {
            let next = Used(routes: plan.routes, record: record, kept: kept)
            used.withLock { $0 = next }
        }
        guard let servers = plan.nameServers else { return [] }
        record.hasNameServers = true
        try lock.write(record)
        if try Resolvconf.add(servers, for: device.name) { return [] }
        return [
            """
            the name servers of the file are not in use, as the program resolvconf is missing: run \
            sudo apt-get install openresolv, or where systemd-resolved runs, systemd-resolved
            """
        ]
    }

    /// Keeps the tunnel's own packets out of it where a gateway has moved into a network that is reached through the
    /// tunnel: that network gets into the table that marked packets pass by.
    ///
    /// - Returns: the networks that were moved.
    package func keepOut(_ endpoints: [IPAddress]) throws -> [IPPrefix] {
        try used.withLock { used in
            guard var next = used else { return [] }
            let around = endpoints.flatMap { next.routes.moveAround($0) }
            guard !around.isEmpty else { return [] }
            let netlink = try NetlinkSocket()
            for prefix in around { try add(prefix, to: mark, &next.kept, netlink) }
            for isIPv6 in next.routes.ruledFamilies
            where !next.record.rules.contains(where: { $0.isIPv6 == isIPv6 }) {
                try addRules(isIPv6: isIPv6, &next.record, netlink)
            }
            for prefix in around { next.kept.remove(prefix, netlink) }
            used = next
            return around
        }
    }

    /// Puts back what the kernel takes away where another program switches the device off: its routes, and addresses
    /// of IPv6. Without them packets would leave outside of the tunnel.
    ///
    /// - Returns: whether something was missing.
    func restoreRoutes() throws -> Bool {
        try used.withLock { used in
            guard let used else { return false }
            let netlink = try NetlinkSocket()
            // Before the look: the kernel tells that a device goes off before it forgets the routes, and does this
            // after what it is doing.
            try netlink.change(interface: device.interface, isUp: true)
            guard try used.kept.areLost(netlink) else { return false }
            for address in plan.addresses {
                // Those of IPv4 have stayed.
                try? netlink.add(address.address, length: address.length, to: device.interface)
            }
            try used.kept.restore(netlink)
            return true
        }
    }

    /// Of the device and its routes.
    func news() throws -> KernelNews { try KernelNews(of: device.interface) }

    var deviceName: String { device.name }

    /// Whether another program has removed the device.
    package var hasLostDevice: Bool {
        InterfaceNames.number(of: device.name) != device.interface
    }

    /// Undoes all, the device included. Idempotent.
    package func tearDown() {
        if let record = lock.read() { Self.undo(record) }
        device.shut()
        lock.remove()
    }

    /// Undoes what processes left that were killed.
    package static func removeLeftovers(in folder: RecordFolder) -> [String] {
        folder.leftovers().map { record, lock in
            undo(record)
            lock.remove()
            return record.device
        }
    }

    private static func undo(_ record: ConnectionRecord) {
        if record.hasNameServers { Resolvconf.remove(for: record.device) }
        guard !record.rules.isEmpty, let netlink = try? NetlinkSocket() else { return }
        for isIPv6 in [false, true] {
            for rule in (try? netlink.rules(isIPv6: isIPv6)) ?? [] {
                guard let table = rule.table else { continue }
                let own = ConnectionRecord.Rule(
                    isIPv6: isIPv6,
                    priority: rule.priority,
                    table: table
                )
                if record.rules.contains(own) { try? netlink.delete(rule) }
            }
        }
    }

    private func addRules(
        isIPv6: Bool,
        _ record: inout ConnectionRecord,
        _ netlink: borrowing NetlinkSocket
    ) throws {
        let rules = try rules(isIPv6: isIPv6, besides: try netlink.rules(isIPv6: isIPv6))
        record.rules += rules.compactMap { rule in
            rule.table.map { .init(isIPv6: isIPv6, priority: rule.priority, table: $0) }
        }
        try lock.write(record)
        for rule in rules { try netlink.add(rule) }
    }

    private func rules(
        isIPv6: Bool,
        besides present: [RoutingRule]
    ) throws(ConnectError) -> [RoutingRule] {
        guard let priorities = RoutePlan.priorities(besides: Set(present.map(\.priority))) else {
            throw ConnectError("there are too many routing rules; ip rule shows them")
        }
        return [
            RoutingRule(
                isIPv6: isIPv6,
                priority: priorities.main,
                table: SystemRoute.mainTable,
                ignoringPrefixesUpTo: 0
            ),
            RoutingRule(
                isIPv6: isIPv6,
                priority: priorities.tunnel,
                table: mark,
                mark: mark,
                isInverted: true
            ),
        ]
    }

    private func add(
        _ prefix: IPPrefix,
        to table: UInt32,
        _ kept: inout DeviceRoutes,
        _ netlink: borrowing NetlinkSocket
    ) throws {
        do {
            try kept.add(prefix, table: table, netlink)
        } catch let taken as DeviceRoutes.Taken {
            throw ConnectError(
                """
                \(prefix) is routed through \(taken.device ?? "another interface") already: give the others to \
                --allowed-ips, or call wgw connect with --no-routes
                """
            )
        }
    }
}
