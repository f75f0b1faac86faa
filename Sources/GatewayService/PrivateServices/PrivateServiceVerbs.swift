package import GatewayDomain
import GatewayStore
import NetAddress

/// What admins do to the private services of the server. Gateways follow in the same transaction
/// (`FollowWaysOut.swift`).
extension Verb<PrivateService> {
    package static func createPrivateService(_ request: NewPrivateService) -> Verb {
        Verb(requiring: .unrestricted(.admin)) { tx, _ in
            let others = try PrivateServices.all(tx.db)
            var reader = FieldReader()
            let terms = try reader.terms(request, by: try tx.serviceJudge(beside: others))
            try tx.checkLimit(PrivateServiceRules.mostServices, of: "private services") {
                others.count
            }
            let service = terms.service(from: .api, at: tx.time)
            do {
                try PrivateServices.insert(service, tx.db)
            } catch StoreError.violated(.privateServiceName) {
                throw ServiceError.duplicatePrivateService
            }
            try tx.journal.created(.privateService(service, of: tx.operatorOrganization()))
            return service
        }
    }

    package static func updatePrivateService(
        _ id: PrivateServiceID,
        _ change: PrivateServiceChange,
        if precondition: Precondition = .none
    ) -> Verb {
        Verb(requiring: .unrestricted(.admin)) { tx, _ in
            guard let old = try PrivateServices.find(id, tx.db) else {
                throw ServiceError.notFound
            }
            try old.requireChangeable()
            try precondition.check(old.updatedAt)
            let others = try PrivateServices.all(tx.db).filter { $0.id != id }
            let judge = try tx.serviceJudge(beside: others)
            var reader = FieldReader()
            var service = old
            let description = reader.optional(change.description)
            let transport = reader.optional(change.transport)
            let ports = reader.servicePorts(change.ports)
            let regions = reader.serviceRegions(change.regionCodes, by: judge)
            let organizations = try reader.serviceOrganizations(change.organizationIDs, by: judge)
            let allowsPrivate = reader.optional(change.allowsPrivatePrefixes)
            service.description = change.description.replacing(old.description, by: description)
            service.transport = change.transport.replacing(old.transport, by: transport)
            service.ports = change.ports.replacing(old.ports, by: ports) ?? []
            service.regionCodes = change.regionCodes.replacing(old.regionCodes, by: regions)
            service.organizationIDs = change.organizationIDs.replacing(
                old.organizationIDs,
                by: organizations
            )
            service.allowsPrivatePrefixes =
                change.allowsPrivatePrefixes.replacing(
                    old.allowsPrivatePrefixes,
                    by: allowsPrivate
                ) ?? false
            // Those that it keeps have to be right with the new permission, too.
            var prefixes = change.prefixes
            if prefixes.isUnsaid, service.allowsPrivatePrefixes != old.allowsPrivatePrefixes {
                prefixes = Field(
                    .value(
                        old.prefixes.map {
                            Field(.value($0), at: change.allowsPrivatePrefixes.pointer)
                        }
                    ),
                    at: change.allowsPrivatePrefixes.pointer
                )
            }
            _ = reader.optional(prefixes)
            service.prefixes =
                reader.servicePrefixes(
                    prefixes,
                    allowsPrivate: service.allowsPrivatePrefixes,
                    by: judge
                ) ?? old.prefixes
            try reader.finish()
            guard service != old else { return old }
            service.updatedAt = tx.time
            try PrivateServices.update(service, tx.db)
            try tx.noteService(old, service)
            return service
        }
    }

    package static func deletePrivateService(
        _ id: PrivateServiceID,
        if precondition: Precondition = .none
    ) -> Verb {
        Verb(requiring: .unrestricted(.admin)) { tx, _ in
            guard let service = try PrivateServices.find(id, reading: .forDeletion, tx.db) else {
                throw ServiceError.notFound
            }
            try service.requireChangeable()
            try precondition.check(service.updatedAt)
            try tx.delete(service)
            return service
        }
    }
}

extension PrivateService {
    fileprivate func requireChangeable() throws(ServiceError) {
        guard source == .api else { throw .configuredPrivateService(name: name) }
    }
}

extension Transaction {
    func serviceJudge(beside others: [PrivateService]) throws -> ServiceJudge {
        ServiceJudge(
            rules: settings.serviceRules,
            regionCodes: try regionCodes(),
            isOrganization: { try Organizations.isStored($0, db) },
            others: others
        )
    }

    /// Of all regions but those that only old gateways still name.
    private func regionCodes() throws -> [String] {
        let known = try Nodes.all(db).reduce(into: Set<String>()) { $0.formUnion($1.regionCodes) }
        return try Regions.all(db).map(\.code).filter(known.contains)
    }

    func delete(_ service: PrivateService) throws {
        try PrivateServices.delete(service, db)
        try journal.deleted(.privateService(service, of: operatorOrganization()))
    }

    func noteService(_ old: PrivateService, _ new: PrivateService) throws {
        let organization = try operatorOrganization()
        try journal.updated(
            .privateService(old, of: organization),
            to: .privateService(new, of: organization)
        )
    }
}
