import NetAddress

/// The kernel's IPv4 routes as /proc/net/route lists them, for the devices that packets leave through.
struct RouteTable {
    private struct Route {
        let device: String
        let prefix: IPv4Prefix
    }

    private let routes: [Route]

    /// Lines that are not routes are passed over, the first among them.
    init(_ text: String) {
        routes = text.split(separator: "\n").compactMap { line in
            let words = line.split(whereSeparator: { $0 == "\t" || $0 == " " })
            // Device, destination, gateway, flags, three counters, mask. Flag 1: the route is up; 0x200: it
            // refuses.
            guard words.count >= 8, let flags = UInt32(words[3], radix: 16),
                flags & 0x201 == 1, let destination = UInt32(words[1], radix: 16),
                let mask = UInt32(words[7], radix: 16)
            else { return nil }
            let length = UInt8(mask.nonzeroBitCount)
            let network = IPv4Address(bits: UInt32(bigEndian: destination))
            guard let prefix = try? IPv4Prefix(containing: network, length: length) else {
                return nil
            }
            return Route(device: String(words[0]), prefix: prefix)
        }
    }

    /// Whether it leads to the public internet, by a default route or by both halves of one. What leads back into
    /// the TUN device does not count.
    func hasDefault(besides device: String) -> Bool {
        let ways = routes.filter { $0.device != device && $0.device != "lo" }
        return ways.contains { $0.prefix.length == 0 }
            || Set(ways.filter { $0.prefix.length == 1 }.map(\.prefix)).count == 2
    }

    /// Those through which some of the plan's destinations are reached, but the TUN device and the
    /// loopback.
    func outputs(for plan: FirewallPlan) -> [String] {
        var found: [String] = []
        for route in routes where !found.contains(route.device) {
            guard route.device != plan.device, route.device != "lo" else { continue }
            let isUsed =
                plan.hasInternet && route.prefix.length <= 1
                || plan.services.contains { $0.overlaps(route.prefix) }
            if isUsed { found.append(route.device) }
        }
        return found
    }
}
