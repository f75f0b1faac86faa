import JSON
import NetAddress
import SystemIO

/// The plans of all servers of this machine, read back from their tables: for those who look at a machine
/// without knowing its servers.
extension EgressFirewall {
    /// What would drop packets of any of them. Nil where none has a table.
    package static func obstaclesOnThisMachine() throws(FirewallError) -> [ForwardObstacle]? {
        let objects = try NFTables.list(["ruleset"]) ?? []
        let plans = installedPlans(in: objects)
        guard !plans.isEmpty else { return nil }
        let routes = RouteTable(currentRoutes())
        let ruleset = Ruleset(objects)
        let names = Set(plans.map(\.table))
        return plans.flatMap { _, plan in
            ForwardObstacle.all(
                in: ruleset,
                against: plan,
                besides: names,
                outputs: routes.outputs(for: plan)
            )
        }
    }

    /// In the order of their tables.
    static func installedPlans(in objects: [JSONValue]) -> [(table: String, plan: FirewallPlan)] {
        let ruleset = Ruleset(objects)
        return ruleset.chains.filter { $0.hook == "forward" && FirewallTable.isName($0.table) }
            .compactMap { chain in
                guard let device = device(in: chain),
                    let mapped = prefixes(ofSet: "mapped", table: chain.table, in: objects),
                    let services = prefixes(ofSet: "services", table: chain.table, in: objects)
                else { return nil }
                let leaving = ruleset.chain("leaving", besides: chain)
                let hasInternet = leaving?.rules.last?.contains { $0["accept"] != nil } ?? false
                let plan = FirewallPlan(
                    device: device,
                    mapped: mapped,
                    pool: FirewallPlan.notPublic[2],
                    services: services,
                    hasInternet: hasInternet
                )
                return (chain.table, plan)
            }
    }

    /// The one that the first rule asks for.
    private static func device(in chain: Ruleset.Chain) -> String? {
        guard case .object(let match) = chain.rules.first?.first?["match"] else { return nil }
        return match["right"]?.text
    }

    private static func prefixes(
        ofSet name: String,
        table: String,
        in objects: [JSONValue]
    ) -> [IPv4Prefix]? {
        for case .object(let object) in objects {
            guard case .object(let set) = object["set"], set["name"]?.text == name,
                set["table"]?.text == table
            else { continue }
            guard case .array(let elements) = set["elem"] else { return [] }
            return elements.compactMap(prefix)
        }
        return nil
    }

    /// Of a range, its first address alone: neighbours that the kernel has joined.
    private static func prefix(_ element: JSONValue) -> IPv4Prefix? {
        if let text = element.text { return IPv4Address(text).map { IPv4Prefix($0) } }
        guard case .object(let object) = element else { return nil }
        if case .object(let prefix) = object["prefix"],
            let network = prefix["addr"]?.text.flatMap({ IPv4Address($0) }),
            case .integer(let length) = prefix["len"], (0...32).contains(length)
        {
            return try? IPv4Prefix(containing: network, length: UInt8(length))
        }
        guard case .array(let ends) = object["range"] else { return nil }
        return ends.first?.text.flatMap { IPv4Address($0) }.map { IPv4Prefix($0) }
    }
}
