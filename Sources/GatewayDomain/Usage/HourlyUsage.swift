/// What was counted of one peer or gateway, apart by hours and kinds.
package struct HourlyUsage: Equatable, Sendable {
    package struct Entry: Equatable, Sendable {
        package var hour: UsageHour
        package let kind: UsageKind
        package var counts: UsageCounts

        package init(hour: UsageHour, kind: UsageKind, counts: UsageCounts) {
            self.hour = hour
            self.kind = kind
            self.counts = counts
        }
    }

    /// One for each hour and kind in which there is something.
    package private(set) var entries: [Entry]

    package init(_ entries: [Entry] = []) {
        self.entries = []
        for entry in entries { add(entry) }
    }

    package var isEmpty: Bool { entries.isEmpty }

    package mutating func add(_ entry: Entry) {
        guard !entry.counts.isEmpty else { return }
        let index = entries.lastIndex { $0.hour == entry.hour && $0.kind == entry.kind }
        if let index {
            entries[index].counts += entry.counts
        } else {
            entries.append(entry)
        }
    }

    package mutating func add(_ later: HourlyUsage) {
        for entry in later.entries { add(entry) }
    }

    /// The same, counted in the hours that `hour` makes of its own.
    package func moved(_ hour: (UsageHour) -> UsageHour) -> HourlyUsage {
        HourlyUsage(entries.map { Entry(hour: hour($0.hour), kind: $0.kind, counts: $0.counts) })
    }

    /// The same in the latest `count` hours: what was before them is counted in the first.
    package func inLatest(_ count: Int) -> HourlyUsage {
        let hours = Set(entries.map(\.hour))
        guard hours.count > count else { return self }
        let first = hours.sorted()[hours.count - count]
        return moved { max($0, first) }
    }
}
