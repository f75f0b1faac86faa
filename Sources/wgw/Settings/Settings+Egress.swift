import APIContract
import GatewayDomain
import GatewayService
import JSON
import NetAddress

/// Where gateways lead to outside of their networks.
extension Settings {
    static let egressPool = Setting<IPv4Prefix>(
        "egress-pool",
        "prefix",
        default: "\(SubnetPlan.defaultEgressPool)",
        form: "an IPv4 network with a prefix length of 8 to 24, like 100.64.0.0/10",
        meaning: """
            The addresses from which each gateway that leads out of its network gets a range of its own, which \
            this machine's kernel sees in the place of the tunnel's; nothing else that this machine reaches may \
            have them.
            """
    ) { text, _ in
        guard let prefix = try? IPv4Prefix(text), (8...24).contains(prefix.length),
            SubnetPlan.isUsable(prefix)
        else { return nil }
        return prefix
    }

    /// In percent; nil for no limit.
    static let maxEgressShare = Setting<Int?>(
        "max-egress-share",
        "percent",
        default: "25",
        form: "a number of percent from 1 to 100, or off",
        meaning: """
            How much of the egress pool the gateways of one organization may have; the operator's own organization may \
            have all of it. Or off.
            """
    ) { text, _ in
        guard text != "off" else { return .some(nil) }
        return Int(text).flatMap { (1...100).contains($0) ? .some($0) : nil }
    }

    static let privateServices = Setting<[NewPrivateService]>(
        "private-services",
        "list",
        places: [.configFile],
        default: "none",
        structuredExample:
            "[{name: sip, prefixes: [203.0.113.0/24], protocol: udp, ports: [5060]}]",
        form: """
            a list of services, each with the members \(serviceMembers.joined(separator: ", "))
            """,
        meaning: """
            Services that peers reach through gateways with enable_sip_trunking, or that name them: each has a \
            name and prefixes, and may have a protocol, ports, regions, organization_ids and a description.
            """,
        parse: { text, _ in services(text) },
        fallback: { _ in [] }
    )

    private static let serviceMembers = NewPrivateService.untyped.members.map(\.name)

    private static func services(_ text: String) -> [NewPrivateService]? {
        guard case .array(let elements)? = try? JSONParser.parse(Array(text.utf8)) else {
            return nil
        }
        var services: [NewPrivateService] = []
        for element in elements {
            // A misspelled member would be one that silently does nothing.
            guard case .object(let object) = element,
                object.members.allSatisfy({ serviceMembers.contains($0.name) })
            else { return nil }
            services.append(NewPrivateService(object.withPortsAsText))
        }
        return services
    }
}

extension JSONObject {
    /// A single port is a number to YAML.
    fileprivate var withPortsAsText: JSONObject {
        JSONObject(
            members.map { member in
                guard member.name == "ports", case .array(let ports) = member.value else {
                    return member
                }
                let texts = ports.map { port in
                    if case .integer(let number) = port {
                        JSONValue.string("\(number)")
                    } else {
                        port
                    }
                }
                return Member(name: member.name, value: .array(texts))
            }
        )
    }
}
