import CommandLineProgram
import GatewayDomain
import GatewayService
import NetAddress

/// What gateways are, and what carries their packets.
extension Settings {
    static let region = Setting<Region>(
        "region",
        "code",
        default: "local",
        form: """
            a code of a-z, 0-9 and '-', or code=Name, and behind it ,area= (AMER, EMEA or APAC), \
            ,site= and ,pop=, like 'fra=Frankfurt, DE,area=EMEA,site=FRA,pop=FR5'
            """,
        meaning: """
            The region of the gateways made here: a code, or code=Name, and behind it where it \
            lies, as coverage shows it: ,area= with AMER, EMEA or APAC, ,site= and ,pop=.
            """
    ) { text, host in try? Region.parse(text, at: host.now) }

    /// An address that clients cannot send to would only show in clients that do not connect.
    static let endpointAddress = Setting<PublicHost>(
        "endpoint-address",
        "host",
        default: "the address of the default route's interface",
        form: "an IP address or a host name, like 192.0.2.1, 2001:db8::1 or vpn.example.com",
        meaning: """
            The address or host name that clients reach this machine by; it is put into their \
            configs as it is.
            """,
        parse: { text, _ in PublicHost(text) },
        objection: { host in
            guard case .address(let address) = host, let obstacle = address.obstacle else {
                return nil
            }
            return "where clients reach this machine: \(address) \(obstacle)"
        },
        fallback: { host throws(CommandFailure) in
            guard let address = host.defaultRouteAddress else {
                throw .usage(
                    """
                    this machine has no default route, which would tell the address that clients \
                    reach it by; give --endpoint-address with that address or a host name, or with \
                    \(Host.loopback) for clients on this machine alone
                    """
                )
            }
            return .address(address)
        }
    )

    /// Nil for every address of the host, IPv6 and IPv4. That is what `::` means, as it does where
    /// the API listens. A link-local address of IPv6 names no socket without its link.
    static let bindAddress = Setting<IPAddress?>(
        "bind-address",
        "address",
        default: "all addresses",
        form: """
            an IP address of this host that is not link-local, like 192.0.2.1 or 2001:db8::1, \
            or :: for all
            """,
        meaning: """
            Where gateways listen for WireGuard: an IP address of this host, or :: for all of them, \
            IPv6 and IPv4.
            """,
        parse: { text, _ in
            guard let address = IPAddress(setting: text) else { return nil }
            if case .v6(let v6) = address, v6.isLinkLocal { return nil }
            return .some(address == .v6(IPv6Address(high: 0, low: 0)) ? nil : address)
        },
        fallback: { _ in nil }
    )

    static let portRange = Setting<ClosedRange<UInt16>>(
        "port-range",
        "first-last",
        default: "5000-5999",
        form: "two ports from 1 to 65535, the lower first, like 5000-5999",
        meaning: "UDP ports for gateways; each has its own."
    ) { text, _ in
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard
            parts.count == 2, let first = UInt16(parts[0]), let last = UInt16(parts[1]),
            first > 0, first <= last
        else { return nil }
        return first...last
    }

    static let persistentKeepalive = Setting<Int>(
        "persistent-keepalive",
        "seconds",
        default: "25",
        form: "seconds",
        in: TunnelLimits.keepaliveSeconds,
        meaning: """
            The keepalive, in seconds, that configs get where gateway and peer say nothing else; 0 for none.
            """
    )

    static let udpGSO = Setting<BatchSending>(
        "udp-gso",
        "mode",
        default: "auto",
        form: "one of \(BatchSending.allCases.map(\.rawValue).joined(separator: ", "))",
        meaning: """
            Whether the kernel cuts batches of datagrams (UDP_SEGMENT): auto tries it at the start, on and off leave \
            no choice.
            """
    ) { text, _ in
        // What YAML makes of on and off without quotes.
        BatchSending(rawValue: ["true": "on", "false": "off"][text] ?? text)
    }

    private static let workerLimit = 1...256

    static let workers = Setting<Int>(
        "workers",
        "count",
        default: "one per processor",
        form: "a number from \(workerLimit.lowerBound) to \(workerLimit.upperBound)",
        meaning: "Threads that carry packets.",
        parse: { text, _ in Int(text).flatMap { workerLimit.contains($0) ? $0 : nil } },
        fallback: { host in
            min(max(host.processors, workerLimit.lowerBound), workerLimit.upperBound)
        }
    )
}
