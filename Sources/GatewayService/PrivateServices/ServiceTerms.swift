package import GatewayDomain
import GatewayStore
package import NetAddress

/// What a request or a config file says of a private service, in which everything is known to be right.
package struct ServiceTerms: Equatable, Sendable {
    package let name: String
    package var description: String?
    package var prefixes: [IPv4Prefix]
    package var transport: TransportProtocol?
    package var ports: [PortRange]
    package var regionCodes: [String]?
    package var organizationIDs: [OrganizationID]?
    package var allowsPrivatePrefixes: Bool

    func service(from source: PrivateService.Source, at time: Timestamp) -> PrivateService {
        PrivateService(
            id: .random(),
            name: name,
            description: description,
            prefixes: prefixes,
            transport: transport,
            ports: ports,
            regionCodes: regionCodes,
            organizationIDs: organizationIDs,
            allowsPrivatePrefixes: allowsPrivatePrefixes,
            source: source,
            createdAt: time,
            updatedAt: time
        )
    }
}

extension ServiceTerms {
    /// Throws everything that is wrong with the services of a config file at once. The pointers of problems
    /// begin with the index of the service.
    package static func all(
        of requests: [NewPrivateService],
        by rules: PrivateServiceRules,
        in regionCodes: [String]
    ) throws(ServiceError) -> [ServiceTerms] {
        guard requests.count <= PrivateServiceRules.mostServices else {
            throw .limitReached(
                objects: "private services",
                limit: PrivateServiceRules.mostServices
            )
        }
        var problems: [FieldProblem] = []
        var terms: [ServiceTerms] = []
        for (index, request) in requests.enumerated() {
            var reader = FieldReader()
            let others = terms.map { $0.service(from: .configFile, at: Timestamp(microseconds: 0)) }
            let judge = ServiceJudge(rules: rules, regionCodes: regionCodes, others: others)
            do {
                let read = try reader.terms(request, by: judge)
                if others.contains(where: { $0.name == read.name }) {
                    let reason = FieldProblem.Reason.taken("is the name of another one of the list")
                    problems.append(FieldProblem("/\(index)\(request.name.pointer)", reason))
                }
                terms.append(read)
            } catch ServiceError.invalid(let found) {
                problems += found.map { FieldProblem("/\(index)\($0.pointer)", $0.reason) }
            } catch {
                preconditionFailure("judging a private service finds mistakes of fields only")
            }
        }
        guard problems.isEmpty else { throw .invalid(problems) }
        return terms
    }
}

/// What the fields of a private service are judged by.
struct ServiceJudge {
    let rules: PrivateServiceRules
    /// The regions of the installation.
    let regionCodes: [String]
    /// Whether there is such an organization. A config file is read before the database is: there it is asked at the start.
    var isOrganization: (OrganizationID) throws -> Bool = { _ in true }
    /// The services that it must not overlap.
    let others: [PrivateService]
}

extension FieldReader {
    mutating func terms(_ request: NewPrivateService, by judge: ServiceJudge) throws -> ServiceTerms
    {
        let name = required(request.name)
        let allowsPrivate = optional(request.allowsPrivatePrefixes) ?? false
        let prefixes = required(request.prefixes)
        let read = servicePrefixes(request.prefixes, allowsPrivate: allowsPrivate, by: judge)
        let description = optional(request.description)
        let transport = optional(request.transport)
        let ports = servicePorts(request.ports)
        let regions = serviceRegions(request.regionCodes, by: judge)
        let organizations = try serviceOrganizations(request.organizationIDs, by: judge)
        return try finish { fields in
            _ = try fields.value(prefixes)
            return ServiceTerms(
                name: try fields.value(name),
                description: description,
                prefixes: read ?? [],
                transport: transport,
                ports: ports ?? [],
                regionCodes: regions,
                organizationIDs: organizations,
                allowsPrivatePrefixes: allowsPrivate
            )
        }
    }

    /// Nil where the request does not name any. What is missing or no list, `required` has reported.
    mutating func servicePrefixes(
        _ field: Field<[Field<IPv4Prefix>]>,
        allowsPrivate: Bool,
        by judge: ServiceJudge
    ) -> [IPv4Prefix]? {
        guard case .value(let elements) = field.content else { return nil }
        let most = PrivateServiceRules.mostPrefixes
        guard (1...most).contains(elements.count) else {
            report(field, .invalid("must have 1 to \(most) prefixes"))
            return nil
        }
        var prefixes: [IPv4Prefix] = []
        for element in elements {
            let prefix = optional(element) { prefix in
                let reason = judge.rules.objection(
                    to: prefix,
                    allowsPrivate: allowsPrivate,
                    beside: judge.others
                )
                if let reason { return reason }
                return prefixes.first(where: prefix.overlaps).map { other in
                    .invalid("overlaps \(other) of this service; leave one of them out")
                }
            }
            if let prefix { prefixes.append(prefix) }
        }
        return prefixes
    }

    mutating func servicePorts(_ field: Field<[Field<PortRange>]>) -> [PortRange]? {
        let most = PrivateServiceRules.mostPorts
        let elements = optional(field) { elements in
            elements.count <= most ? nil : .invalid("must have at most \(most) ports and ranges")
        }
        guard let elements else { return nil }
        var ports: [PortRange] = []
        for element in elements {
            let range = optional(element) { range in
                ports.first(where: range.overlaps).map { other in
                    .invalid("overlaps \(other) of this list; leave one of them out")
                }
            }
            if let range { ports.append(range) }
        }
        return ports
    }

    /// Nil for all regions.
    mutating func serviceRegions(
        _ field: Field<[Field<String>]>,
        by judge: ServiceJudge
    ) -> [String]? {
        let elements = optional(field) { elements in
            elements.isEmpty ? .invalid("must name a region; null means all of them") : nil
        }
        guard let elements else { return nil }
        var codes: [String] = []
        for element in elements {
            let code = optional(element) { code in
                judge.regionCodes.contains(code) ? nil : .unknownRegion
            }
            if let code, !codes.contains(code) { codes.append(code) }
        }
        return codes
    }

    /// Nil for all organizations.
    mutating func serviceOrganizations(
        _ field: Field<[Field<OrganizationID>]>,
        by judge: ServiceJudge
    ) throws -> [OrganizationID]? {
        let most = PrivateServiceRules.mostOrganizations
        let elements = optional(field) { elements in
            (1...most).contains(elements.count)
                ? nil : .invalid("must name 1 to \(most) organizations; null means all of them")
        }
        guard let elements else { return nil }
        var ids: [OrganizationID] = []
        for element in elements {
            let id = try optional(element) { id in
                try judge.isOrganization(id) ? nil : .unknownAssociation
            }
            if let id, !ids.contains(id) { ids.append(id) }
        }
        return ids
    }

    /// The names that a gateway is given; nil where the request does not name any. Its region need not have them: it
    /// leads there when another gateway of its network does.
    ///
    /// - Parameter caller: who asks, for a gateway of its organization.
    mutating func serviceNames(
        _ field: Field<[Field<String>]>,
        by caller: Caller,
        _ tx: Transaction
    ) throws -> [String]? {
        let most = PrivateServiceRules.mostServices
        let elements = optional(field) { elements in
            elements.count <= most ? nil : .invalid("must have at most \(most) names")
        }
        guard let elements else { return nil }
        let services = try PrivateServices.all(tx.db)
        let given = services.filter { $0.isGiven(to: caller.organizationID) }
        var names: [String] = []
        for element in elements {
            let name = optional(element) { name in
                guard !given.contains(where: { $0.name == name }) else { return nil }
                if caller.seesAllOrganizations, services.contains(where: { $0.name == name }) {
                    return .invalid(
                        """
                        names a private service that is not for this organization; add it to the \
                        service's organization_ids
                        """
                    )
                }
                return .unknownService(name, known: given.map(\.name))
            }
            if let name, !names.contains(name) { names.append(name) }
        }
        return names
    }
}
