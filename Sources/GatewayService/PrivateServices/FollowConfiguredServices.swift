import GatewayDomain
import GatewayStore
import NetAddress

extension Transaction {
    /// The private services of the config file may be others since the last start. Those that were made
    /// through the API stay; one that a service of the file would be in the way of stops the start.
    ///
    /// - Returns: that gateways name services which are not there any more. They keep the names.
    func followConfiguredServices() throws -> [InstallationNotice] {
        let stored = try PrivateServices.all(db)
        let made = stored.filter { $0.source == .api }
        for terms in settings.privateServices {
            if made.contains(where: { $0.name == terms.name }) {
                throw PreparationError.serviceIsTaken(terms.name)
            }
            for id in terms.organizationIDs ?? [] where try !Organizations.isStored(id, db) {
                throw PreparationError.serviceOrganizationUnknown(terms.name, id)
            }
            for prefix in terms.prefixes {
                if let address = settings.serviceRules.endpoint(in: prefix) {
                    throw PreparationError.serviceHoldsEndpoint(terms.name, prefix, address)
                }
                guard
                    let other = made.first(where: { $0.prefixes.contains(where: prefix.overlaps) })
                else { continue }
                throw PreparationError.serviceOverlaps(terms.name, prefix, other: other.name)
            }
        }
        let names = Set(settings.privateServices.map(\.name))
        for old in stored where old.source == .configFile && !names.contains(old.name) {
            try delete(old)
        }
        for terms in settings.privateServices {
            guard let old = stored.first(where: { $0.name == terms.name }) else {
                let service = terms.service(from: .configFile, at: time)
                try PrivateServices.insert(service, db)
                try journal.created(.privateService(service, of: operatorOrganization()))
                continue
            }
            var service = old
            service.description = terms.description
            service.prefixes = terms.prefixes
            service.transport = terms.transport
            service.ports = terms.ports
            service.regionCodes = terms.regionCodes
            service.organizationIDs = terms.organizationIDs
            service.allowsPrivatePrefixes = terms.allowsPrivatePrefixes
            guard service != old else { continue }
            service.updatedAt = time
            try PrivateServices.update(service, db)
            try noteService(old, service)
        }
        return try endpointNotices() + missingServices()
    }

    /// What the settings say now, the services that were made through the API were not judged by.
    private func endpointNotices() throws -> [InstallationNotice] {
        let services = try PrivateServices.all(db)
        guard settings.publicAddresses != nil else {
            return services.isEmpty ? [] : [.endpointUnknown(settings.publicHost)]
        }
        return services.flatMap { service in
            service.prefixes.compactMap { prefix in
                settings.serviceRules.endpoint(in: prefix).map {
                    .serviceHoldsEndpoint(service.name, prefix, $0)
                }
            }
        }
    }

    private func missingServices() throws -> [InstallationNotice] {
        let services = try PrivateServices.all(db)
        var counts: [String: Int] = [:]
        for gateway in try Gateways.withServices(db) {
            for name in gateway.servicesUnknown(among: services) {
                counts[name, default: 0] += 1
            }
        }
        return counts.sorted { $0.key < $1.key }.map {
            .serviceIsMissing($0.key, gateways: $0.value)
        }
    }
}
