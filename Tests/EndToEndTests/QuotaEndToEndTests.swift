import EndToEndSupport
import Foundation
import TestSupport
import Testing

extension ThroughTheGateway {
    struct QuotaEndToEndTests {
        private static let quota = 10_000_000
        /// How far a quota may end from where it should.
        private static let slack = 1_000_000

        @Test(
            "a quota of 10 MB ends within 1 MB of it, though the server is killed and started in between",
            arguments: Subject.allCases
        )
        fileprivate func embedded(subject: Subject) async throws {
            try await World.run(workers: 2) { world in
                let gateway = try await world.addGateway()
                let a = try await world.addClient("a", of: gateway)
                let b = try await world.addClient("b", of: gateway)
                #expect(try a.host.ping(b.address) != nil)
                try world.limit(subject, of: a, gateway)
                let flood = Flood(from: a, to: b)
                // What an echo is of the quota: with its answer, at one peer or at both.
                let size = subject == .peer ? 2 * Flood.bytes : 4 * Flood.bytes
                try flood.send(Self.quota / 3 / size)
                let isCounted = try await eventually {
                    let peer = try await world.api.usage(by: "peer").first {
                        $0.peerId == a.peer.id
                    }
                    return (peer?.rxBytes ?? 0) >= flood.answers * Flood.bytes
                }
                #expect(isCounted)
                world.server.kill()
                try await world.server.start()
                #expect(try a.host.ping(b.address) != nil)
                try flood.sendUntilRefused()
                Self.expect(flood.answers * size)
                let areTold = try await eventually {
                    try await world.drops(subject.dropReason, of: gateway) > 0
                }
                #expect(areTold)
                try world.expectBlocked("a", to: "b", by: subject)
                world.server.kill()
                try await world.server.start()
                #expect(
                    try a.host.ping(b.address, bytes: Flood.bytes - 28, timeout: 1) == nil,
                    "it stays used up"
                )
            }
        }

        @Test(
            "on a node a quota of 10 MB ends within 1 MB of it without a server, though the node is killed, and the next period lets packets through"
        )
        func alone() async throws {
            try await RemoteMachine.runWithPeers { world, node, gateway, a, b in
                try world.limit(.peer, of: a, gateway)
                let flood = Flood(from: a, to: b)
                try flood.send(1_000)
                // The second after which what the node was told is on its disk.
                try await Task.sleep(for: .seconds(2))
                world.server.kill()
                try flood.send(800)
                try await Task.sleep(for: .seconds(2))
                node.kill()
                try await node.start()
                #expect(try a.host.ping(b.address) != nil, "the node goes on without its server")
                // No more than may be missing.
                try flood.send(300)
                node.kill()
                try await node.start()
                #expect(try a.host.ping(b.address) != nil)
                try flood.sendUntilRefused()
                Self.expect(flood.answers * 2 * Flood.bytes)

                try await world.server.start()
                #expect(try await node.becomes("connected"), "\(node.log)")
                #expect(try await node.logs("quotaUsedUp="), "\(node.log)")
                #expect(
                    try a.host.ping(b.address, bytes: Flood.bytes - 28, timeout: 1) == nil,
                    "the server says the same"
                )

                world.server.kill()
                #expect(try await node.stop() == 0)
                let end = ShiftedClock.nextMonth()
                let seconds = end.timeIntervalSinceNow
                node.clock = try ShiftedClock(secondsAhead: Int(seconds) - 20, in: world.folder)
                try await node.start()
                let isRefused =
                    try a.host.ping(b.address, bytes: Flood.bytes - 28, timeout: 1) == nil
                #expect(
                    isRefused || Date().addingTimeInterval(seconds - 20) >= end,
                    "the period goes on"
                )
                let passes = try await eventually {
                    try a.host.ping(b.address, bytes: Flood.bytes - 28, timeout: 1) != nil
                }
                #expect(passes, "a period has begun")
                try await world.server.start()
            }
        }

        private static func expect(_ used: Int, sourceLocation: SourceLocation = #_sourceLocation) {
            #expect(
                (quota - slack...quota + slack).contains(used),
                "\(used) bytes were forwarded",
                sourceLocation: sourceLocation
            )
        }
    }
}

private enum Subject: CaseIterable {
    case peer, gateway, organization

    var dropReason: String {
        switch self {
        case .peer: "quota_used_up"
        case .gateway: "gateway_quota_used_up"
        case .organization: "organization_quota_used_up"
        }
    }
}

/// Echoes as fast as they are answered.
private final class Flood {
    /// Of an echo, and of its answer, with their headers.
    static let bytes = 1_400
    private let source: Member
    private let target: Member
    private(set) var answers = 0

    init(from source: Member, to target: Member) {
        self.source = source
        self.target = target
    }

    /// All of them are answered.
    func send(_ count: Int) throws {
        #expect(try answered(of: count) == count)
    }

    func sendUntilRefused() throws {
        let count = 250
        // A single one may be lost.
        while try answered(of: count) > 0 {}
    }

    private func answered(of count: Int) throws -> Int {
        let result = try Command.run(
            source.host.command([
                "ping", "-n", "-f", "-c", "\(count)", "-s", "\(Self.bytes - 28)", "-W", "1",
                target.address,
            ])
        )
        guard let received = result.output.firstMatch(of: /(\d+) received/).flatMap({ Int($0.1) })
        else { throw Command.Failure(description: result.output) }
        answers += received
        return received
    }
}

extension World {
    /// That a peer is blocked is said wherever its user looks.
    fileprivate func expectBlocked(_ name: String, to other: String, by subject: Subject) throws {
        let end = subject == .peer ? "blocked" : "blocked \\(\(subject)\\)"
        let list = try wgw("peer", "list").output
        #expect(try list.contains(Regex("\(name) .* \(end)\n")), "\(list)")
        let page = try wgw("peer", "get", name).output
        #expect(try page.contains(Regex("quota: +\(end)\n")), "\(page)")
        let status = try wgw("status").output
        #expect(try status.contains(Regex("  \(name) +blocked ")), "\(status)")
        let path = try wgw("explain", name, other)
        #expect(path.status != 0 && path.output.contains(/failed +source_limits/), "\(path.output)")
        let events = try wgw("event", "list").output
        #expect(events.contains(": quota used up"), "\(events)")
        let limits = try wgw("limits", "--state", "used_up").output
        #expect(limits.contains("100 %"), "\(limits)")
    }

    fileprivate func limit(_ subject: Subject, of member: Member, _ gateway: GatewayRecord) throws {
        let (noun, name) =
            switch subject {
            case .peer: ("peer", member.peer.id)
            case .gateway: ("gateway", gateway.id)
            case .organization: ("organization", "default")
            }
        try require(noun, "limit", name, "--quota", "10MB", "--on-quota", "block")
    }
}
