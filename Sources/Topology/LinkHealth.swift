/// What one end of a link knows of it: the link is as good as its best lane.
package struct LinkHealth: Sendable {
    package private(set) var lanes: [LaneHealth]

    package init(lanes count: Int) {
        lanes = Array(repeating: LaneHealth(), count: count)
    }

    /// - Parameter counts: of each lane, in their order; those of a lane that is not there are passed over.
    package mutating func note(_ counts: [ProbeCounts], at now: Duration) {
        for (lane, counts) in zip(lanes.indices, counts) { lanes[lane].note(counts, at: now) }
    }

    package var condition: LaneHealth.Condition {
        if lanes.contains(where: { $0.condition == .good }) { return .good }
        return lanes.contains { $0.condition == .untried } ? .untried : .dead
    }

    package var hasAnswered: Bool { lanes.contains(where: \.hasAnswered) }

    package var isAnswering: Bool { lanes.contains(where: \.isAnswering) }

    /// The lanes that packets are to be spread over: those that are trusted, or those that answer at all where none is.
    package var usableLanes: [Int] {
        let good = lanes.indices.filter { lanes[$0].condition == .good }
        return good.isEmpty ? lanes.indices.filter { lanes[$0].isAnswering } : good
    }

    /// That of the lanes that answer, on average.
    package var roundTrip: Duration? {
        let all = lanes.filter(\.isAnswering).compactMap(\.roundTrip)
        return all.isEmpty ? nil : all.reduce(.zero, +) / all.count
    }

    /// Of all lanes.
    package var lossPercent: Double? {
        let all = lanes.compactMap(\.lossPercent)
        return all.isEmpty ? nil : all.reduce(0, +) / Double(all.count)
    }
}
