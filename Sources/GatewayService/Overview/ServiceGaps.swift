import GatewayDomain
import GatewayStore
import NetAddress

/// Where a gateway leads to less than its owner may think.
struct ServiceGaps: Sendable {
    let gateway: Gateway
    /// Names of services that it is not offered.
    let missing: [String]
    /// Services with public addresses that it does not lead to, though it leads to the internet: a service has its
    /// addresses for itself.
    let withheld: [PrivateService]
    /// Whether services for other organizations have such addresses as well.
    let othersWithhold: Bool

    init(
        of gateway: Gateway,
        leadsToInternet: Bool,
        among services: [PrivateService],
        by rules: PrivateServiceRules
    ) {
        self.gateway = gateway
        missing = gateway.servicesNotOffered(among: services)
        let reached = Set(gateway.services(among: services).map(\.id))
        let unreached = services.filter { service in
            leadsToInternet && !reached.contains(service.id)
                && service.prefixes.contains { rules.isPublic(.v4($0.network)) }
        }
        withheld = unreached.filter { $0.isGiven(to: gateway.organizationID) }
        othersWithhold = unreached.count > withheld.count
    }

    var isEmpty: Bool { missing.isEmpty && withheld.isEmpty && !othersWithhold }

    /// The first of those that a caller may see.
    static func all(
        in scope: Scope,
        by rules: PrivateServiceRules,
        limit: Int,
        _ db: any SQLConnection
    ) throws -> [ServiceGaps] {
        let services = try PrivateServices.all(db)
        let toInternet = try services.isEmpty ? [] : Gateways.withInternet(db)
        let isSeen: (Gateway) -> Bool = { gateway in
            gateway.organizationID == scope.organizationID
                && scope.networkIDs?.contains(gateway.networkID) ?? true
        }
        let internetIDs = Set(toInternet.map(\.id))
        let naming = try Gateways.withServices(db).filter { !internetIDs.contains($0.id) }
        let gaps = (toInternet + naming).filter(isSeen).lazy.map { gateway in
            ServiceGaps(
                of: gateway,
                leadsToInternet: internetIDs.contains(gateway.id),
                among: services,
                by: rules
            )
        }
        return Array(gaps.filter { !$0.isEmpty }.prefix(limit))
    }
}

extension ServiceGaps {
    /// That it names what it does not get, as a sentence; nil where it gets all that it names.
    var missingSentence: String? {
        guard !missing.isEmpty else { return nil }
        let names = missing.joined(separator: ", ")
        let what =
            missing.count == 1 ? "the private service \(names)" : "the private services \(names)"
        return "Gateway \(gateway.title) names \(what), which the server does not have for it."
    }

    static let missingStep = """
        Ask the operator of the server for the service, by its name, or take the name out of those of the gateway; it \
        leads there as soon as the service is there.
        """

    /// What of the internet it does not reach, as a sentence; nil where nothing is withheld.
    var withheldSentence: String? {
        guard !withheld.isEmpty || othersWithhold else { return nil }
        let named = withheld.map { service in
            "\(service.name) (\(service.prefixes.map(\.description).joined(separator: ", ")))"
        }
        let others = othersWithhold ? ["those for other organizations"] : []
        return """
            Gateway \(gateway.title) leads to the internet, but not to addresses of private services that it does not \
            lead to: \((named + others).joined(separator: ", ")).
            """
    }

    static let withheldStep = """
        Where peers need one of these services, let the gateway lead to it; otherwise nothing has to be done.
        """

    /// That lets the gateway lead to them.
    var withheldCommand: String? {
        guard withheld.count == 1, let service = withheld.first else { return nil }
        return gateway.command(for: service)
    }
}
