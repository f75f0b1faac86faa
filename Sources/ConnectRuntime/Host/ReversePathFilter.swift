package import NetAddress
import SystemIO

/// The kernel's check that packets come from where their senders would be sent to. A strict one looks at the
/// routes of packets without the tunnel's mark, and so drops what the gateway sends.
package enum ReversePathFilter {
    /// A sentence for each interface through which an endpoint is reached and which checks strictly.
    package static func remarks(
        endpoints: [IPAddress],
        folder: String = "/proc/sys/net/ipv4/conf"
    ) -> [String] {
        guard let netlink = try? NetlinkSocket() else { return [] }
        var names: [String] = []
        for case .v4(let endpoint) in endpoints {
            guard let interface = try? netlink.route(to: .v4(endpoint)).interface else { continue }
            let name = InterfaceNames.name(of: interface)
            if !names.contains(name) { names.append(name) }
        }
        return names.filter { max(value("all", folder), value($0, folder)) == 1 }.map { name in
            """
            the reverse path filter of \(name) is strict and drops what comes from the gateway: run sudo sysctl \
            -w net.ipv4.conf.\(name.split(separator: ".").joined(separator: "/")).rp_filter=2
            """
        }
    }

    private static func value(_ name: String, _ folder: String) -> UInt8 {
        let bytes = try? SmallFile.read("\(folder)/\(name)/rp_filter", atMost: 16)
        return bytes?.first.map { $0 &- UInt8(ascii: "0") } ?? 0
    }
}
