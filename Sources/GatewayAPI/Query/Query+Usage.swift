import APIContract
import GatewayDomain

extension Query {
    static let usageFrom = "from"
    static let usageTo = "to"
    static let usageGroups = "group_by"

    /// This month so far, where nothing else is said.
    func usageFilter(at now: Timestamp) throws -> UsageFilter {
        let start = try usageHour(Self.usageFrom) ?? CalendarMonth(of: now).hours.lowerBound
        let end = try usageHour(Self.usageTo) ?? max(UsageHour(of: now), start).advanced(by: 1)
        guard start < end else {
            throw Problem.parameterType(
                Self.usageTo,
                "'\(Self.usageTo)' must be an hour or more behind the beginning, which is that of this month where no"
                    + " other is asked for."
            )
        }
        let groups = try usageGroups()
        guard groups.intersection(UsageGrouping.periods).count <= 1 else {
            throw Problem.parameterType(
                Self.usageGroups,
                "'\(Self.usageGroups)' must have one of hour, day and month at most."
            )
        }
        var filter = UsageFilter(hours: start..<end, groups: groups)
        filter.networkID = try identifierFilter(UsageMembers.networkID)
        filter.gatewayID = try identifierFilter(UsageMembers.gatewayID)
        filter.peerID = try identifierFilter(UsageMembers.peerID)
        return filter
    }

    private func usageGroups() throws -> Set<UsageGrouping> {
        if case .text(let text)? = self[Self.usageGroups],
            text.split(separator: ",", omittingEmptySubsequences: false).contains(where: \.isEmpty)
        {
            throw Problem.unknownWord(Self.usageGroups, UsageGrouping.words)
        }
        return Set(try words(Self.usageGroups))
    }

    /// The hour in which the time lies.
    private func usageHour(_ name: String) throws -> UsageHour? {
        guard let value = self[name] else { return nil }
        guard case .text(let text) = value, let time = Timestamp(text),
            Timestamp.ofCalendars.contains(time)
        else {
            throw Problem.parameterType(
                name,
                "'\(name)' must be a time like 2026-01-31T12:00:00Z (RFC 3339), the + of an offset written as"
                    + " %2B."
            )
        }
        return UsageHour(of: time)
    }
}
