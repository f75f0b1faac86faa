import EndToEndSupport
import TestSupport
import Testing

extension ThroughTheGateway {
    struct UsageEndToEndTests {
        @Test(
            "after a clean stop the usage of stock clients is what they sent, to the byte, and the gateway's is their sum",
            arguments: World.workerCounts
        )
        func exact(workers: Int) async throws {
            try await World.run(workers: workers) { world in
                let gateway = try await world.addGateway()
                let a = try await world.addClient("a", of: gateway)
                let b = try await world.addClient("b", of: gateway)
                #expect(try a.host.ping(b.address) != nil)
                try await world.restart()
                #expect(try a.host.ping(b.address) != nil)
                let before = try await world.settledUsage(of: a, b)

                let sent = 40
                try a.host.sendEchoes(sent, bytes: 1_000, to: b.address)
                try await world.restart()
                let after = try await world.usage(of: a, b)
                // An echo has an IPv4 header and an ICMP header around its bytes.
                let bytes = sent * (1_000 + 28)
                for (before, after) in zip(before, after) {
                    #expect(after.rxBytes - before.rxBytes == bytes)
                    #expect(after.txBytes - before.txBytes == bytes)
                    #expect(after.rxPackets - before.rxPackets == sent)
                    #expect(after.txPackets - before.txPackets == sent)
                }
                let whole = try #require(
                    try await world.api.usage(by: "gateway,kind").first
                )
                #expect(whole.kind == "hairpin" && whole.wireguardInterfaceId == gateway.id)
                #expect(whole.rxBytes == after.map(\.rxBytes).reduce(0, +))
                #expect(whole.txBytes == after.map(\.txBytes).reduce(0, +))
                #expect(whole.rxPackets == after.map(\.rxPackets).reduce(0, +))
            }
        }

        @Test("kill -9 loses the last moments of usage at most, and counts nothing twice")
        func killed() async throws {
            try await World.run(workers: 1) { world in
                let gateway = try await world.addGateway()
                let a = try await world.addClient("a", of: gateway)
                let b = try await world.addClient("b", of: gateway)
                #expect(try a.host.ping(b.address) != nil)
                try await world.restart()
                #expect(try a.host.ping(b.address) != nil)
                let before = try await world.settledUsage(of: a, b)
                let sent = 20
                try a.host.sendEchoes(sent, bytes: 500, to: b.address)
                let isCounted = try await eventually {
                    try await world.usage(of: a)[0].rxPackets - before[0].rxPackets == sent
                }
                #expect(isCounted)
                let more = 5
                try a.host.sendEchoes(more, bytes: 500, to: b.address)
                world.server.kill()
                try await world.server.start()
                let after = try await world.usage(of: a)
                let packets = after[0].rxPackets - before[0].rxPackets
                #expect((sent...sent + more).contains(packets))
                #expect(after[0].rxBytes - before[0].rxBytes == packets * 528)
            }
        }

        @Test("the usage of a peer that is deleted at once is counted to the byte")
        func deleted() async throws {
            try await World.run(workers: 1) { world in
                let gateway = try await world.addGateway()
                let a = try await world.addClient("a", of: gateway)
                let b = try await world.addClient("b", of: gateway)
                #expect(try a.host.ping(b.address) != nil)
                let before = try await world.settledUsage(of: a, b)
                let sent = 10
                try a.host.sendEchoes(sent, bytes: 700, to: b.address)
                _ = try await world.api.deletePeer(a.peer.id)
                try await world.restart()
                let after = try await world.usage(of: a, b)
                for (before, after) in zip(before, after) {
                    #expect(after.rxBytes - before.rxBytes == sent * 728)
                }
            }
        }
    }
}

extension World {
    /// A clean stop counts what has not been reported.
    fileprivate func restart() async throws {
        #expect(try await server.stop() == 0)
        try await server.start()
    }

    /// What was counted when no packet is under way any more: reports come twice a second, and say nothing new.
    fileprivate func settledUsage(of members: Member...) async throws -> [UsageRecord] {
        var last: [Int] = []
        let all = try await eventual(every: .seconds(2)) {
            let all = try await api.usage(by: "peer")
            let counts = members.compactMap { member in
                all.first { $0.peerId == member.peer.id }.map { $0.rxPackets + $0.txPackets }
            }
            defer { last = counts }
            return counts.count == members.count && counts == last ? all : nil
        }
        let settled = try #require(all)
        return try members.map { member in
            try #require(settled.first { $0.peerId == member.peer.id })
        }
    }

    fileprivate func usage(of members: Member...) async throws -> [UsageRecord] {
        let all = try await api.usage(by: "peer")
        return try members.map { member in
            try #require(all.first { $0.peerId == member.peer.id })
        }
    }
}
