import EndToEndSupport
import Foundation
import TestSupport
import Testing

extension ThroughTheGateway {
    /// Usage by a server whose wall clock jumps while it carries packets.
    struct UsageClockTests {
        private static let echoes = 20
        private static let hour = 3_600

        @Test(
            "over the end of an hour and of a month, and as the clock goes back, each byte counts once and where it was; a month that is closed stays as it is"
        )
        func jumps() async throws {
            try await TemporaryDirectory.with { folder in
                let next = ShiftedClock.nextMonth()
                // Half an hour before the end of this month.
                let ahead = Int(next.timeIntervalSinceNow) - Self.hour / 2
                let clock = try ShiftedClock(secondsAhead: ahead, in: folder)
                let program = clock.applied(to: Program.command)
                try await World.run(workers: 1, program: program) { world in
                    let gateway = try await world.addGateway()
                    let a = try await world.addClient("a", of: gateway)
                    let b = try await world.addClient("b", of: gateway)
                    #expect(try a.host.ping(b.address) != nil)
                    var expected = try await Self.settled(world, a)
                    for jump in [-Self.hour, 0, Self.hour, 0] {
                        try clock.jump(to: ahead + jump)
                        let isNext = jump > 0
                        try a.host.sendEchoes(Self.echoes, to: b.address)
                        expected[isNext ? 1 : 0] += Self.echoes
                        let isCounted = try await eventually {
                            try await Self.packets(world, a) == expected
                        }
                        let counted = try await Self.packets(world, a)
                        #expect(isCounted, "\(counted) where \(expected) is right")
                    }

                    // Four days into the next month this one is closed.
                    try clock.jump(to: ahead + 4 * 24 * Self.hour)
                    world.server.kill()
                    try await world.server.start()
                    let month = Self.text(next.addingTimeInterval(-1)).prefix(7)
                    let isClosed = try await eventually {
                        try world.wgw("costs", "--month", "\(month)").output.contains("closed")
                    }
                    #expect(isClosed)
                    let closed = try world.wgw("costs", "--month", "\(month)").output
                    #expect(closed.contains("10.00"))
                    try clock.jump(to: ahead)
                    let isConnected = try await eventually {
                        try a.host.ping(b.address, timeout: 1) != nil
                    }
                    #expect(isConnected, "a session is made again")
                    expected = try await Self.settled(world, a)
                    try a.host.sendEchoes(Self.echoes, to: b.address)
                    expected[0] += Self.echoes
                    let isCounted = try await eventually {
                        try await Self.packets(world, a) == expected
                    }
                    #expect(isCounted)
                    #expect(try world.wgw("costs", "--month", "\(month)").output == closed)
                }
            }
        }

        /// Received from the peer, in the month of the start and in the next one.
        private static func packets(_ world: World, _ member: Member) async throws -> [Int] {
            let next = ShiftedClock.nextMonth()
            let first = text(next.addingTimeInterval(-Double(10 * 24 * hour)))
            let last = text(next.addingTimeInterval(Double(10 * 24 * hour)))
            var packets: [Int] = []
            for (from, to) in [(first, text(next)), (text(next), last)] {
                let usage = try await world.api.usage(by: "peer", from: from, to: to)
                packets.append(usage.first { $0.peerId == member.peer.id }?.rxPackets ?? 0)
            }
            return packets
        }

        private static func settled(_ world: World, _ member: Member) async throws -> [Int] {
            var last: [Int] = []
            let counts = try await eventual(every: .seconds(2)) {
                let now = try await packets(world, member)
                defer { last = now }
                return now == last && now[0] > 0 ? now : nil
            }
            return try #require(counts)
        }

        private static func text(_ date: Date) -> String { date.ISO8601Format() }
    }
}
