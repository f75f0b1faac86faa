import GatewayDomain
import GatewayStore
import NetAddress

/// Where a gateway leads to less than its owner may think.
struct ServiceGaps: Sendable {
    let gateway: Gateway
    /// Names of services that it is not offered.
    let missing: [String]
    /// Names of services that its region does not have, and to which no other gateway of its network leads it.
    let unled: [String]
    /// Services with public addresses that it does not lead to, though it leads to the internet: a service has its
    /// addresses for itself.
    let withheld: [PrivateService]
    /// Whether services for other organizations have such addresses as well.
    let othersWithhold: Bool

    init(
        of gateway: Gateway,
        leadsToInternet: Bool,
        overLinks distant: DistantWaysOut,
        among services: [PrivateService],
        by rules: PrivateServiceRules
    ) {
        self.gateway = gateway
        missing = gateway.servicesUnknown(among: services)
        let reached = Set((gateway.services(among: services) + distant.services).map(\.id))
        unled =
            gateway.serviceNames == nil
            ? []
            : gateway.servicesElsewhere(among: services).filter { !reached.contains($0.id) }
                .map(\.name)
        let unreached = services.filter { service in
            leadsToInternet && !reached.contains(service.id)
                && service.prefixes.contains { rules.isPublic(.v4($0.network)) }
        }
        withheld = unreached.filter { $0.isGiven(to: gateway.organizationID) }
        othersWithhold = unreached.count > withheld.count
    }

    var isEmpty: Bool {
        missing.isEmpty && unled.isEmpty && withheld.isEmpty && !othersWithhold
    }

    /// Those of all organizations that lead to the internet, by their own nodes or over links.
    private static func gatewaysWithInternet(_ db: any SQLConnection) throws -> [Gateway] {
        let overLinks = try BackboneLinks.withWaysOut(db).flatMap(\.ends).filter(\.hasInternet)
        return try Gateways.withInternet(db)
            + overLinks.compactMap { try? Gateways.find($0.gatewayID, db) }
    }

    /// The first of those that a caller may see.
    static func all(
        in scope: Scope,
        by rules: PrivateServiceRules,
        limit: Int,
        _ db: any SQLConnection
    ) throws -> [ServiceGaps] {
        let services = try PrivateServices.all(db)
        let toInternet = try services.isEmpty ? [] : gatewaysWithInternet(db)
        let isSeen: (Gateway) -> Bool = { gateway in
            gateway.organizationID == scope.organizationID
                && scope.networkIDs?.contains(gateway.networkID) ?? true
        }
        let internetIDs = Set(toInternet.map(\.id))
        let naming = try Gateways.withServices(db).filter { !internetIDs.contains($0.id) }
        var found: [ServiceGaps] = []
        for gateway in (toInternet + naming).filter(isSeen) where found.count < limit {
            let gaps = ServiceGaps(
                of: gateway,
                leadsToInternet: internetIDs.contains(gateway.id),
                overLinks: try DistantWaysOut(of: gateway.id, among: services, db),
                among: services,
                by: rules
            )
            if !gaps.isEmpty { found.append(gaps) }
        }
        return found
    }
}

extension ServiceGaps {
    /// That it names what it does not get, as sentences, each with what to do about it.
    var missingSentences: [(sentence: String, nextStep: String)] {
        var sentences: [(String, String)] = []
        if let named = Self.named(missing) {
            sentences.append(
                (
                    "Gateway \(gateway.title) names \(named), which the server does not have for it.",
                    """
                    Ask the operator of the server for the service, by its name, or take the name out of those of the \
                    gateway; it leads there as soon as the service is there.
                    """
                )
            )
        }
        if let named = Self.named(unled) {
            sentences.append(
                (
                    """
                    Gateway \(gateway.title) names \(named), which region \(gateway.region.code) does not have, and no \
                    gateway of its network on another node leads there.
                    """,
                    """
                    Let a gateway of the network lead to the service that is in one of the service's regions, and on another \
                    node; or take the name out of those of this gateway.
                    """
                )
            )
        }
        return sentences
    }

    private static func named(_ names: [String]) -> String? {
        guard let first = names.first else { return nil }
        guard names.count > 1 else { return "the private service \(first)" }
        return "the private services \(names.joined(separator: ", "))"
    }

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
