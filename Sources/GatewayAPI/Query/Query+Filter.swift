import APIContract
import GatewayDomain
import HTTPTypes
import Hummingbird

/// Existing clients spell filters `filter[…]` and `filters[…]`; both are understood everywhere.
/// A filter that no list knows is ignored.
extension Query {
    func filter(_ member: Member<some Sendable>) throws -> String? {
        try filter(member.name)
    }

    private func filter(_ key: String) throws -> String? {
        try filters("[\(key)]").last?.text
    }

    func identifierFilter<Kind>(_ member: Member<Identifier<Kind>>) throws -> Identifier<Kind>? {
        guard let filter = try filters("[\(member.name)]").last else { return nil }
        guard let id = Identifier<Kind>(filter.text) else {
            throw Problem.filter(filter.parameter, "'\(filter.parameter)' must be a UUID.")
        }
        return id
    }

    /// One of the words of a list.
    func wordFilter<Word: RawRepresentable<String> & CaseIterable>(
        _ member: Member<Word>
    ) throws -> Word? {
        guard let filter = try filters("[\(member.name)]").last else { return nil }
        guard let word = Word(rawValue: filter.text) else {
            let known = Word.allCases.map(\.rawValue).joined(separator: ", ")
            throw Problem.filter(
                filter.parameter,
                "'\(filter.parameter)' must be one of \(known)."
            )
        }
        return word
    }

    /// `filter[occurred_at][gte]` and the like.
    func timeFilter(_ member: Member<Timestamp>, _ bound: TimeBound) throws -> Timestamp? {
        guard
            let filter = try filters("[\(member.name)][\(bound.rawValue)]").last
        else { return nil }
        guard let time = Timestamp(filter.text) else {
            throw Problem.filter(
                filter.parameter,
                "'\(filter.parameter)' must be a time like 2026-01-31T12:00:00Z (RFC 3339), the + of"
                    + " an offset written as %2B."
            )
        }
        return time
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

    private func filters(_ brackets: String) throws -> [(parameter: String, text: String)] {
        try ["filter", "filters"].compactMap { word in
            let parameter = word + brackets
            switch self[parameter] {
            case nil:
                return nil
            case .undecodable:
                throw Problem.filter(
                    parameter,
                    "'\(parameter)' is not percent-encoded UTF-8 text."
                )
            case .text(let text):
                return (parameter, text)
            }
        }
    }
}
