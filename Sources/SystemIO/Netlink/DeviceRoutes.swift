import Glibc
package import NetAddress

/// The routes to one device that are to be there. The kernel forgets them where another program switches the device
/// off, and does not get them back with it.
package struct DeviceRoutes: Sendable {
    /// That another device has the route already.
    package struct Taken: Error {
        package let destination: IPPrefix
        /// Nil where the route leads to no device.
        package let device: String?
    }

    private struct Place: Hashable {
        let destination: IPPrefix
        let table: UInt32
    }

    private let interface: UInt32
    private var places: Set<Place> = []

    package init(to interface: UInt32) {
        self.interface = interface
    }

    /// Where the network of one of the device's addresses is this route already, that is enough.
    package mutating func add(
        _ destination: IPPrefix,
        table: UInt32 = SystemRoute.mainTable,
        _ netlink: borrowing NetlinkSocket
    ) throws {
        let place = Place(destination: destination, table: table)
        try put(place, netlink)
        places.insert(place)
    }

    package mutating func remove(
        _ destination: IPPrefix,
        table: UInt32 = SystemRoute.mainTable,
        _ netlink: borrowing NetlinkSocket
    ) {
        let place = Place(destination: destination, table: table)
        places.remove(place)
        try? netlink.delete(route(place))
    }

    /// Whether the kernel lacks some of them.
    package func areLost(_ netlink: borrowing NetlinkSocket) throws -> Bool {
        try !lost(netlink).isEmpty
    }

    /// What the kernel has not as it was asked for is not missed later.
    package mutating func forgetLost(_ netlink: borrowing NetlinkSocket) throws {
        try places.subtract(lost(netlink))
    }

    /// The device is on.
    package func restore(_ netlink: borrowing NetlinkSocket) throws {
        for place in try lost(netlink) { try put(place, netlink) }
    }

    private func lost(_ netlink: borrowing NetlinkSocket) throws -> Set<Place> {
        var lost = places
        for table in Set(places.map(\.table)) {
            for isIPv6 in Set(places.map(\.destination.isIPv6)) {
                let routes = try netlink.routes(ofTable: table, isIPv6: isIPv6, to: interface)
                lost.subtract(routes.map { Place(destination: $0.destination, table: table) })
            }
        }
        return lost
    }

    private func put(_ place: Place, _ netlink: borrowing NetlinkSocket) throws {
        do throws(SystemError) {
            try netlink.add(route(place))
        } catch {
            guard case .system(_, EEXIST) = error else { throw error }
            let isIPv6 = place.destination.isIPv6
            let present = try netlink.routes(ofTable: place.table, isIPv6: isIPv6)
                .first { $0.destination == place.destination }
            guard present?.interface != interface else { return }
            throw Taken(
                destination: place.destination,
                device: present?.interface.map { InterfaceNames.name(of: $0) }
            )
        }
    }

    private func route(_ place: Place) -> SystemRoute {
        SystemRoute(to: place.destination, interface: interface, table: place.table)
    }
}
