package import GatewayDomain
import GatewayStore

/// What admins do to regions. Those of the server's settings are changed there alone.
extension Verb<Region> {
    package static func createRegion(_ request: NewRegion) -> Verb {
        Verb(requiring: .unrestricted(.admin)) { tx, _ in
            var reader = FieldReader()
            let code = reader.required(request.code)
            let name = reader.optional(request.name)
            let place = reader.place(request.place)
            let region = try reader.finish { fields in
                let code = try fields.value(code)
                return Region(
                    code: code,
                    name: name ?? Region.knownName(of: code) ?? code,
                    place: place,
                    createdAt: tx.time,
                    updatedAt: tx.time
                )
            }
            guard try Regions.find(code: region.code, tx.db) == nil else {
                throw ServiceError.duplicateRegion
            }
            try tx.checkLimit(Region.mostRegions, of: "regions") { try Regions.all(tx.db).count }
            try Regions.put(region, tx.db)
            try tx.journal.created(.region(region, of: tx.operatorOrganization()))
            return region
        }
    }

    package static func updateRegion(
        _ code: String,
        _ change: RegionChange,
        if precondition: Precondition = .none
    ) -> Verb {
        Verb(requiring: .unrestricted(.admin)) { tx, _ in
            let old = try tx.changeableRegion(code)
            try precondition.check(old.updatedAt)
            var reader = FieldReader()
            let name = reader.optional(change.name)
            let place = reader.place(change.place)
            try reader.finish()
            var region = old
            region.name =
                change.name.replacing(old.name, by: name) ?? Region.knownName(of: code) ?? code
            region.place.area = change.place.area.replacing(old.place.area, by: place.area)
            region.place.site = change.place.site.replacing(old.place.site, by: place.site)
            region.place.pop = change.place.pop.replacing(old.place.pop, by: place.pop)
            guard region != old else { return old }
            region.updatedAt = tx.time
            try Regions.put(region, tx.db)
            let organization = try tx.operatorOrganization()
            try tx.journal.updated(
                .region(old, of: organization),
                to: .region(region, of: organization)
            )
            return region
        }
    }

    package static func deleteRegion(
        _ code: String,
        if precondition: Precondition = .none
    ) -> Verb {
        Verb(requiring: .unrestricted(.admin)) { tx, _ in
            let region = try tx.changeableRegion(code)
            try precondition.check(region.updatedAt)
            try tx.requireUnused(region)
            try Regions.delete(code: code, tx.db)
            try tx.journal.deleted(.region(region, of: tx.operatorOrganization()))
            return region
        }
    }
}

extension Transaction {
    fileprivate func changeableRegion(_ code: String) throws -> Region {
        guard let region = try Regions.find(code: code, db) else { throw ServiceError.notFound }
        guard !settings.regions.contains(where: { $0.code == code }) else {
            throw ServiceError.configuredRegion(code: code)
        }
        return region
    }

    fileprivate func requireUnused(_ region: Region) throws {
        let code = region.code
        let nodes = try Nodes.all(db).filter { $0.regionCodes.contains(code) }.count
        let users = [
            (try Gateways.count(inRegion: code, db), "gateway", "gateways"),
            (
                try InternetGateways.count(inRegion: code, db), "internet gateway",
                "internet gateways"
            ),
            (nodes, "node", "nodes"),
            (
                try PrivateServices.all(db).filter { $0.regionCodes?.contains(code) ?? false }
                    .count,
                "private service", "private services"
            ),
        ].filter { $0.0 > 0 }
        guard users.isEmpty else {
            let words = users.map { "\($0.0) \($0.0 == 1 ? $0.1 : $0.2)" }
            throw ServiceError.regionInUse(by: words.joined(separator: ", "))
        }
    }
}

extension FieldReader {
    fileprivate mutating func place(_ request: PlaceRequest) -> Region.Place {
        Region.Place(
            area: optional(request.area),
            site: optional(request.site),
            pop: optional(request.pop)
        )
    }
}
