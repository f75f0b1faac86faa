import APIContract
import GatewayDomain

/// What the lists of the API are filtered by, and ordered.
extension Query {
    func peerFilter() throws -> PeerFilter {
        var filter = PeerFilter()
        filter.ids = try identifiersFilter(PeerFilter.idKey, atMost: PeerFilter.mostIDs)
        filter.gatewayID = try identifierFilter(PeerMembers.gatewayID)
        filter.networkID = try identifierFilter(GatewayMembers.networkID)
        filter.name = try self.filter(PeerMembers.name)
        filter.nameContains = try partFilter(PeerMembers.name)
        filter.search = try searchFilter(PeerFilter.searchKey)
        filter.connection = try wordFilter(PeerFilter.connectionKey)
        filter.lastSeenFrom = try timeFilter(PeerMembers.lastSeen, .from)
        filter.lastSeenBefore = try timeFilter(PeerMembers.lastSeen, .before)
        filter.configState = try wordFilter(PeerMembers.configState)
        return filter
    }

    func gatewayFilter() throws -> GatewayFilter {
        var filter = GatewayFilter()
        filter.networkID = try identifierFilter(GatewayMembers.networkID)
        filter.name = try self.filter(GatewayMembers.name)
        filter.nameContains = try partFilter(GatewayMembers.name)
        filter.status = try wordFilter(GatewayMembers.status)
        return filter
    }

    func networkFilter() throws -> NetworkFilter {
        var filter = NetworkFilter()
        filter.name = try self.filter(NetworkMembers.name)
        filter.nameContains = try partFilter(NetworkMembers.name)
        return filter
    }

    func interfaceFilter() throws -> InterfaceFilter {
        var filter = InterfaceFilter()
        filter.name = try self.filter(NetworkInterfaceMembers.name)
        filter.type = try self.filter(NetworkInterfaceMembers.kind)
        filter.status = try wordFilter(NetworkInterfaceMembers.status)
        return filter
    }

    func coverageFilter() throws -> CoverageFilter {
        var filter = CoverageFilter()
        let services = CoverageSiteMembers.availableServices.name
        filter.services = try (filters("[\(services)][contains]") + filters("[\(services)]"))
            .map(\.text)
        filter.region = try self.filter("location.region")
        filter.site = try self.filter("location.site")
        filter.pop = try self.filter("location.pop")
        filter.code = try self.filter("location.code")
        return filter
    }

    /// `sort`, which has the name of a member, with a `-` before it for the descending order.
    func order<Member>() throws -> ListOrder<Member> {
        let name = "sort"
        guard let value = self[name] else { return .oldestFirst }
        guard case .text(let text) = value, let order = ListOrder<Member>(text) else {
            throw Problem.unknownWord(name, ListOrder<Member>.words)
        }
        return order
    }
}

/// What peers are filtered by beside their members.
extension PeerFilter {
    static let idKey = "id"
    static let searchKey = "search"
    static let connectionKey = "status"
}
