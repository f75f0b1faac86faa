package import HubRuntime
package import NetAddress
import SystemIO

/// What fits into one packet of the tunnel on the ways to its gateways, where the config file does not say it.
package enum PathMTU {
    /// Of IPv6, UDP and WireGuard around a packet: a gateway may have an IPv6 address later.
    private static let overhead = 80
    /// Below it the kernel has no IPv6 on an interface (RFC 8200 §5).
    private static let least = 1280

    /// The MTUs of the interfaces through which the endpoints are reached, or of the routes where the kernel knows
    /// less of those: set by an administrator, or told by a router since another connection met it.
    package static func ofInterfaces(
        towards endpoints: [IPAddress],
        folder: String = "/sys/class/net"
    ) -> [Int] {
        guard let netlink = try? NetlinkSocket() else { return [] }
        return endpoints.compactMap { endpoint in
            guard let route = try? netlink.route(to: endpoint), let interface = route.interface
            else {
                return nil
            }
            let file = "\(folder)/\(InterfaceNames.name(of: interface))/mtu"
            let text = try? SmallFile.read(file, atMost: 16)
            let ofInterface = Int(String(decoding: text ?? [], as: UTF8.self).filter(\.isNumber))
            return [ofInterface, route.mtu.map { Int($0) }].compactMap(\.self).min()
        }
    }

    /// Never larger than the usual MTU, which is the gateways' own as far as is known.
    static func ofTunnel(usual: Int, over interfaces: [Int]) -> Int {
        guard let narrowest = interfaces.min() else { return usual }
        return min(usual, max(least, narrowest - overhead))
    }
}

extension HubConfiguration {
    /// The same with an MTU that fits the ways to its gateways, unless the file names one.
    package func fitting(_ interfaces: [Int]) -> HubConfiguration {
        guard !interface.namesMTU else { return self }
        var configuration = self
        configuration.interface.mtu = PathMTU.ofTunnel(usual: interface.mtu, over: interfaces)
        return configuration
    }
}
