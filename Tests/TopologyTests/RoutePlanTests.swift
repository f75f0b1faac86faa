import TestSupport
import Testing

@testable import Topology

struct RoutePlanTests {
    @Test("traffic leaves a detour for one that saves twenty milliseconds, and for no less")
    func hysteresis() {
        var plan = RoutePlan<Int>()
        let own = [
            1: LinkHealth(.dead), 2: LinkHealth(.good, milliseconds: 30),
            3: LinkHealth(.good, milliseconds: 35),
        ]
        plan.update(own) { _, _ in DistantLink(isUp: true) }
        #expect(plan.paths[1] == .around(via: 2))
        for slower in [36, 50, 54] {
            var own = own
            own[2] = LinkHealth(.good, milliseconds: slower)
            #expect(plan.update(own) { _, _ in DistantLink(isUp: true) }.isEmpty)
        }
        var slow = own
        slow[2] = LinkHealth(.good, milliseconds: 55)
        #expect(plan.update(slow) { _, _ in DistantLink(isUp: true) } == [1])
        #expect(plan.paths[1] == .around(via: 3))
    }

    @Test("a detour whose second link is said to be dead is not taken")
    func distantDeath() {
        var plan = RoutePlan<Int>()
        let own = [1: LinkHealth(.dead), 2: LinkHealth(.good), 3: LinkHealth(.good)]
        plan.update(own) { via, _ in DistantLink(isUp: via == 3) }
        #expect(plan.paths[1] == .around(via: 3))
        plan.update(own) { _, _ in DistantLink(isUp: false) }
        #expect(plan.paths[1] == GatewayPath.none)
    }

    @Test("a detour of which nothing is known comes after all that are known")
    func unknownDetour() {
        var plan = RoutePlan<Int>()
        let own = [1: LinkHealth(.dead), 2: LinkHealth(.good), 3: LinkHealth(.good)]
        plan.update(own) { _, _ in nil }
        #expect(plan.paths[1] == .around(via: 2))
        plan.update(own) { via, _ in
            via == 3 ? DistantLink(isUp: true, roundTrip: .seconds(1)) : nil
        }
        #expect(plan.paths[1] == .around(via: 3))
    }

    @Test("a link on trial carries packets where there is no detour")
    func trial() {
        var plan = RoutePlan<Int>()
        var trial = LinkHealth(.dead)
        trial.note([ProbeCounts(sent: 21, answered: 10)], at: .seconds(60))
        #expect(trial.condition == .dead)
        plan.update([1: trial]) { _, _ in nil }
        #expect(plan.paths[1] == .direct)
        plan.update([1: trial, 2: LinkHealth(.good)]) { _, _ in DistantLink(isUp: true) }
        #expect(plan.paths[1] == .around(via: 2))
    }

    @Test("a gateway that is gone has no path, and the plan says that this changed")
    func goneGateway() {
        var plan = RoutePlan<Int>()
        plan.update([1: LinkHealth(.good), 2: LinkHealth(.good)]) { _, _ in nil }
        #expect(plan.update([2: LinkHealth(.good)]) { _, _ in nil } == [1])
        #expect(plan.paths[1] == nil)
    }
}

struct RandomTopologyTests {
    @Test(
        "whatever links fail, and whatever gateways believe of distant ones, no packet uses more than two links or comes to a gateway twice",
        arguments: 0..<60 as Range<UInt64>
    )
    func noLoops(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var mesh = Mesh(size: Int.random(in: 2...9, using: &random))
        for _ in 0..<20 {
            mesh.failAtRandom(using: &random)
            mesh.choose { _, _ in
                switch Int.random(in: 0..<3, using: &random) {
                case 0: nil
                case 1: DistantLink(isUp: true)
                default: DistantLink(isUp: false)
                }
            }
            for (from, to) in mesh.pairs {
                let visited = mesh.journey(from: from, to: to).gateways
                guard visited.count > 3 || Set(visited).count < visited.count else { continue }
                Issue.record("\(visited)")
            }
        }
    }

    @Test(
        "a gateway is reached exactly where the direct link or both links of a neighbour are alive, once all know of them",
        arguments: 0..<60 as Range<UInt64>
    )
    func reachability(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var mesh = Mesh(size: Int.random(in: 2...9, using: &random))
        for _ in 0..<20 {
            mesh.failAtRandom(using: &random)
            let links = mesh.isAlive
            mesh.choose { DistantLink(isUp: links[Pair($0, $1)] ?? false) }
            for (from, to) in mesh.pairs {
                let isReachable =
                    mesh.isAlive(from, to)
                    || mesh.gateways.contains { mesh.isAlive(from, $0) && mesh.isAlive($0, to) }
                guard mesh.journey(from: from, to: to).arrives != isReachable else { continue }
                Issue.record("from \(from) to \(to)")
            }
        }
    }
}

private struct Pair: Hashable {
    let low: Int
    let high: Int

    init(_ one: Int, _ other: Int) { (low, high) = (min(one, other), max(one, other)) }
}

/// Gateways with a link between each two, and the plan of each.
private struct Mesh {
    let gateways: Range<Int>
    private(set) var isAlive: [Pair: Bool] = [:]
    private var plans: [RoutePlan<Int>]

    init(size: Int) {
        gateways = 0..<size
        plans = Array(repeating: RoutePlan(), count: size)
    }

    var pairs: [(Int, Int)] {
        gateways.flatMap { from in gateways.filter { $0 != from }.map { (from, $0) } }
    }

    func isAlive(_ one: Int, _ other: Int) -> Bool { isAlive[Pair(one, other)] ?? false }

    mutating func failAtRandom(using random: inout some RandomNumberGenerator) {
        let chance = Double.random(in: 0...1, using: &random)
        for (from, to) in pairs where from < to {
            isAlive[Pair(from, to)] = Double.random(in: 0...1, using: &random) < chance
        }
    }

    mutating func choose(_ distant: (Int, Int) -> DistantLink?) {
        for gateway in gateways {
            let others = gateways.filter { $0 != gateway }
            let own = others.map { ($0, LinkHealth(isAlive(gateway, $0) ? .good : .dead)) }
            plans[gateway].update(Dictionary(uniqueKeysWithValues: own), distant: distant)
        }
    }

    /// As the engine forwards: its own plan for what comes from a peer, and for what comes over a link only
    /// the direct link.
    func journey(from: Int, to: Int) -> (gateways: [Int], arrives: Bool) {
        switch plans[from].paths[to] {
        case .direct: return ([from, to], isAlive(from, to))
        case .around(let via): return ([from, via, to], isAlive(from, via) && isAlive(via, to))
        case .some(.none), nil: return ([from], false)
        }
    }
}

extension LinkHealth {
    /// Of one lane.
    fileprivate init(_ condition: LaneHealth.Condition, milliseconds: Int = 10) {
        self.init(lanes: 1)
        let roundTrip = Duration.milliseconds(milliseconds)
        guard condition != .untried else { return }
        note([ProbeCounts(sent: 9, answered: 9, roundTrip: roundTrip)], at: .seconds(0))
        guard condition == .dead else { return }
        note([ProbeCounts(sent: 20, answered: 9, roundTrip: roundTrip)], at: .seconds(50))
    }
}
