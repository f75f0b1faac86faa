import GatewayDomain
import NetAddress
import SystemIO

/// Whether clients can reach the address that stands in their configs, as far as the address tells.
enum EndpointCheck {
    /// - Parameter resolve: the address of a host name, or why there is none.
    static func run(
        _ host: PublicHost,
        resolve: (String) throws(NameLookupError) -> IPAddress
    ) -> CheckResult {
        switch host {
        case .address(let address): return judge(address, "\(address)")
        case .name(let name):
            do throws(NameLookupError) {
                let address = try resolve("\(name)")
                return judge(address, "\(name) (\(address))")
            } catch {
                return .error(
                    .endpoint,
                    "Configs name \(name), whose address is not found: \(error.reason).",
                    nextStep:
                        "Make a record for it in DNS, or change endpoint-address of the server, or of the gateway's node."
                )
            }
        }
    }

    private static func judge(_ address: IPAddress, _ text: String) -> CheckResult {
        guard let reach = address.limitedReach else {
            return .ok(
                .endpoint,
                "Configs name \(text), which can be an address of the internet."
            )
        }
        return .warning(
            .endpoint,
            "Configs name \(text): it \(reach), so that clients elsewhere do not reach it.",
            nextStep: """
                For clients on the internet, forward the UDP ports of the public address to the machine of the \
                gateways, and name that address: as endpoint-address of the server, which is to be restarted, or for \
                those of a node by wgw node update NODE --endpoint-address ADDRESS; configs that were given away have \
                the old one.
                """
        )
    }
}

extension IPAddress {
    /// Where alone the address is reached, as the end of a sentence about it; nil for one that
    /// the internet may reach.
    fileprivate var limitedReach: String? {
        switch self {
        case _ where isLoopback: return "is this machine itself"
        case .v4(let address):
            switch address.bits {
            // RFC 1918.
            case 0x0a00_0000...0x0aff_ffff, 0xac10_0000...0xac1f_ffff, 0xc0a8_0000...0xc0a8_ffff:
                return "is an address of a private network"
            // RFC 6598.
            case 0x6440_0000...0x647f_ffff: return "is an address behind a provider's NAT"
            // RFC 5737.
            case 0xc000_0200...0xc000_02ff, 0xc633_6400...0xc633_64ff, 0xcb00_7100...0xcb00_71ff:
                return "is an address for documentation"
            default: return nil
            }
        case .v6(let address):
            // RFC 4193, RFC 3849.
            if address.high >> 57 == 0xfc >> 1 { return "is an address of a private network" }
            if address.high >> 32 == 0x2001_0db8 { return "is an address for documentation" }
            return nil
        }
    }
}
