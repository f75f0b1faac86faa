import Glibc
package import NetAddress

/// A route of the kernel's tables.
package struct SystemRoute: Hashable, Sendable {
    /// The table that is looked at without a rule that names another.
    package static let mainTable: UInt32 = 254

    package var destination: IPPrefix
    /// The next router; nil where the destination is on the interface's own network.
    package var gateway: IPAddress?
    /// The number of the interface.
    package var interface: UInt32?
    /// Which of the host's own addresses packets get; nil leaves it to the kernel.
    package var source: IPAddress?
    package var metric: UInt32?
    package var table: UInt32
    /// What fits into a packet that takes it, where that is known of the route itself: set by an administrator, or
    /// told by a router on the way.
    package var mtu: UInt32?

    package init(
        to destination: IPPrefix,
        through gateway: IPAddress? = nil,
        interface: UInt32? = nil,
        source: IPAddress? = nil,
        metric: UInt32? = nil,
        table: UInt32 = mainTable
    ) {
        self.destination = destination
        self.gateway = gateway
        self.interface = interface
        self.source = source
        self.metric = metric
        self.table = table
    }
}

/// The kernel's routes, as `ip route` shows and changes them.
extension NetlinkSocket {
    /// Fails with EEXIST where there is one of this destination, metric and table.
    package func add(_ route: SystemRoute) throws(SystemError) {
        try change(
            route,
            RouteMessage.newRoute,
            NetlinkMessage.Flag.create | NetlinkMessage.Flag.exclusive,
            as: "RTM_NEWROUTE"
        )
    }

    /// Takes the place of one of this destination, metric and table, where there is one.
    package func replace(_ route: SystemRoute) throws(SystemError) {
        try change(
            route,
            RouteMessage.newRoute,
            NetlinkMessage.Flag.create | NetlinkMessage.Flag.replace,
            as: "RTM_NEWROUTE"
        )
    }

    /// Fails with ESRCH where there is none.
    package func delete(_ route: SystemRoute) throws(SystemError) {
        try change(route, RouteMessage.deleteRoute, 0, as: "RTM_DELROUTE")
    }

    /// The unicast routes of a table.
    ///
    /// - Parameter interface: only those to this one.
    package func routes(
        ofTable table: UInt32 = SystemRoute.mainTable,
        isIPv6: Bool,
        to interface: UInt32? = nil
    ) throws(SystemError) -> [SystemRoute] {
        let family = isIPv6 ? Family.v6 : Family.v4
        var message = NetlinkMessage(
            RouteMessage.getRoute,
            flags: NetlinkMessage.Flag.dump,
            fixed: Self.fixed(
                family: family,
                length: 0,
                table: table,
                protocol: 0,
                scope: 0,
                kind: 0
            )
        )
        message.add(RouteAttribute.table, table)
        if let interface { message.add(RouteAttribute.interface, interface) }
        var routes: [SystemRoute] = []
        try ask(message, as: "RTM_GETROUTE") { answer in
            // Older kernels answer with all of them.
            guard let route = SystemRoute(answer), route.table == table,
                interface == nil || route.interface == interface
            else { return }
            routes.append(route)
        }
        return routes
    }

    /// The way that packets to an address take now; its destination is that address alone.
    ///
    /// - Parameter mark: what the packets' socket sets, for rules that ask for it.
    package func route(
        to address: IPAddress,
        mark: UInt32 = 0
    ) throws(SystemError) -> SystemRoute {
        let length = IPPrefix(address).length
        var message = NetlinkMessage(
            RouteMessage.getRoute,
            flags: NetlinkMessage.Flag.acknowledge,
            fixed: Self.fixed(
                family: Family(address).number,
                length: length,
                table: 0,
                protocol: 0,
                scope: 0,
                kind: 0
            )
        )
        message.add(RouteAttribute.destination, address.networkBytes)
        if mark != 0 { message.add(RouteAttribute.mark, mark) }
        var found: SystemRoute?
        try ask(message, as: "RTM_GETROUTE") { found = SystemRoute($0, anyKind: true) ?? found }
        guard let found else { throw SystemError(call: "RTM_GETROUTE", status: -ENETUNREACH) }
        return found
    }

    private func change(
        _ route: SystemRoute,
        _ kind: UInt16,
        _ flags: UInt16,
        as call: String
    ) throws(SystemError) {
        // Set by an administrator's program, not by a routing protocol.
        let isStatic: UInt8 = 4
        let onLink: UInt8 = 253
        let network = route.destination.network
        let family = Family(network)
        let scope = route.gateway == nil && !family.isV6 ? onLink : 0
        var message = NetlinkMessage(
            kind,
            flags: flags | NetlinkMessage.Flag.acknowledge,
            fixed: Self.fixed(
                family: family.number,
                length: route.destination.length,
                table: route.table,
                protocol: isStatic,
                scope: scope,
                kind: SystemRoute.unicast
            )
        )
        message.add(RouteAttribute.destination, network.networkBytes)
        message.add(RouteAttribute.table, route.table)
        if let gateway = route.gateway { message.add(RouteAttribute.gateway, gateway.networkBytes) }
        if let interface = route.interface { message.add(RouteAttribute.interface, interface) }
        if let source = route.source { message.add(RouteAttribute.source, source.networkBytes) }
        if let metric = route.metric { message.add(RouteAttribute.metric, metric) }
        try request(message, as: call)
    }

    private static func fixed(
        family: UInt8,
        length: UInt8,
        table: UInt32,
        protocol: UInt8,
        scope: UInt8,
        kind: UInt8
    ) -> [UInt8] {
        // Tables above 255 are named by an attribute only.
        let table = UInt8(exactly: table) ?? 252
        return [family, length, 0, 0, table, `protocol`, scope, kind, 0, 0, 0, 0]
    }

    private enum RouteMessage {
        static let newRoute: UInt16 = 24
        static let deleteRoute: UInt16 = 25
        static let getRoute: UInt16 = 26
    }

    fileprivate enum RouteAttribute {
        static let destination: UInt16 = 1
        static let interface: UInt16 = 4
        static let gateway: UInt16 = 5
        static let metric: UInt16 = 6
        static let source: UInt16 = 7
        static let metrics: UInt16 = 8
        static let table: UInt16 = 15
        static let mark: UInt16 = 16
    }
}

extension SystemRoute {
    fileprivate static let unicast: UInt8 = 1

    /// - Parameter anyKind: also one to this host itself, or to a broadcast address.
    fileprivate init?(_ answer: NetlinkAnswer, anyKind: Bool = false) {
        typealias RouteAttribute = NetlinkSocket.RouteAttribute
        guard answer.type == 24, let family = answer.body.number(at: 0, as: UInt8.self),
            let length = answer.body.number(at: 1, as: UInt8.self),
            let shortTable = answer.body.number(at: 4, as: UInt8.self),
            let kind = answer.body.number(at: 7, as: UInt8.self),
            anyKind || kind == Self.unicast, family == Family.v4 || family == Family.v6
        else { return nil }
        let attributes = answer.attributes(behind: 12)
        let number = { (kind: UInt16) in attributes[kind]?.number(at: 0, as: UInt32.self) }
        let address = { (kind: UInt16) in
            attributes[kind].flatMap { IPAddress(networkBytes: $0) }
        }
        let unspecified: IPAddress =
            family == Family.v4
            ? .v4(IPv4Address(bits: 0)) : .v6(IPv6Address(high: 0, low: 0))
        let network = address(RouteAttribute.destination) ?? unspecified
        guard let prefix = try? IPPrefix(containing: network, length: length) else { return nil }
        self.init(
            to: prefix,
            through: address(RouteAttribute.gateway),
            interface: number(RouteAttribute.interface),
            source: address(RouteAttribute.source),
            metric: number(RouteAttribute.metric),
            table: number(RouteAttribute.table) ?? UInt32(shortTable)
        )
        mtu = attributes[RouteAttribute.metrics].flatMap { metrics in
            NetlinkAnswer(type: answer.type, body: metrics).attributes(behind: 0)[2]?
                .number(at: 0, as: UInt32.self)
        }
    }
}

extension IPPrefix {
    package var isIPv6: Bool { if case .v6 = self { true } else { false } }

    var network: IPAddress {
        switch self {
        case .v4(let prefix): .v4(prefix.network)
        case .v6(let prefix): .v6(prefix.network)
        }
    }
}
