import EndToEndSupport
import TestSupport
import Testing

extension ThroughTheGateway {
    /// Peers of two gateways on two nodes, with stock clients, and every kind of path between them and out of their network.
    struct UsageOfEveryPathTests {
        /// A path that a peer's packets take, there and back.
        private struct Path {
            let from: Member
            let target: String
            let kind: String
            /// The peer at the other end, for which the same bytes are counted.
            var to: Member?
        }

        private typealias Counts = [String: UsageRecord]

        private static let echoes = 10
        /// Inside of the IPv4 and ICMP headers.
        private static let payload = 600
        private static let packet = payload + 28

        @Test(
            "what is sent on each kind of path is counted to the byte, and kill -9 of server and node loses the last moments at most"
        )
        func everyPath() async throws {
            try await TwoRegions.run { field in
                let world = field.world
                let paths = try await Self.paths(in: field)
                for path in paths { #expect(try await Self.isOpen(path), "\(path.kind)") }
                let before = try await Self.settled(world)
                for path in paths { try Self.send(path) }
                let wanted = Self.expected(paths)
                let isCounted = try await eventually {
                    Self.growth(from: before, to: try await Self.read(world)) == wanted
                }
                let counted = Self.growth(from: before, to: try await Self.read(world))
                #expect(isCounted, "\(counted)")

                world.server.kill()
                field.machine.kill()
                try await world.server.start()
                let kept = Self.growth(from: before, to: try await Self.read(world))
                #expect(kept == wanted, "what was counted is stored")
                try await field.machine.start()
                #expect(try await field.isLinkUp())
                for path in paths { #expect(try await Self.isOpen(path), "\(path.kind)") }

                let again = try await Self.settled(world)
                for path in paths { try Self.send(path) }
                world.server.kill()
                field.machine.kill()
                try await world.server.start()
                try await field.machine.start()
                let rest = Self.growth(from: again, to: try await Self.settled(world))
                #expect(Set(rest.keys).isSubset(of: wanted.keys))
                for (key, packets) in rest {
                    #expect(packets <= wanted[key] ?? 0, "\(key) is counted once")
                }
            }
        }

        private static func paths(in field: TwoRegions) async throws -> [Path] {
            let world = field.world
            try field.offer("docs", TwoRegions.docs)
            try await field.lead(to: "docs")
            try world.require(
                "internet-gateway",
                "create",
                "exit",
                "--network",
                field.here.networkId,
                "--region",
                "local"
            )
            for gateway in [field.here, field.far] {
                try #require(try await world.isProvisioned(gateway))
            }
            func withInternet(_ config: String) -> String {
                config.replacing("AllowedIPs = ", with: "AllowedIPs = 9.9.9.0/24, ")
            }
            let a = try await world.addClient("a", of: field.here, adjust: withInternet)
            let b = try await world.addClient("b", of: field.here)
            let c = try await world.addClient(
                "c",
                of: field.far,
                at: field.machine,
                adjust: withInternet
            )
            return [
                Path(from: a, target: b.address, kind: "hairpin", to: b),
                Path(from: a, target: c.address, kind: "link", to: c),
                Path(from: a, target: "203.0.113.1", kind: "services"),
                Path(from: c, target: "203.0.113.1", kind: "services"),
                Path(from: a, target: "9.9.9.9", kind: "internet"),
                Path(from: c, target: "9.9.9.9", kind: "internet"),
            ]
        }

        private static func isOpen(_ path: Path) async throws -> Bool {
            try await eventually { try path.from.host.ping(path.target, timeout: 1) != nil }
        }

        private static func send(_ path: Path) throws {
            try path.from.host.sendEchoes(echoes, bytes: payload, to: path.target)
        }

        /// Packets in each direction, by peer and kind.
        private static func expected(_ paths: [Path]) -> [String: Int] {
            var packets: [String: Int] = [:]
            for path in paths {
                for member in [path.from, path.to].compactMap({ $0 }) {
                    packets[key(member.peer.id, path.kind), default: 0] += echoes
                }
            }
            return packets
        }

        /// Packets that were counted between two readings, whose bytes have to be theirs.
        private static func growth(from before: Counts, to after: Counts) -> [String: Int] {
            var packets: [String: Int] = [:]
            for (key, now) in after {
                let was = before[key]
                let received = now.rxPackets - (was?.rxPackets ?? 0)
                let sent = now.txPackets - (was?.txPackets ?? 0)
                guard received > 0 || sent > 0 else { continue }
                packets[key] = max(received, sent)
                #expect(now.rxBytes - (was?.rxBytes ?? 0) == received * packet, "\(key)")
                #expect(now.txBytes - (was?.txBytes ?? 0) == sent * packet, "\(key)")
            }
            return packets
        }

        /// When no packet is under way any more: reports come twice a second, and say nothing new.
        private static func settled(_ world: World) async throws -> Counts {
            var last: [String: Int]?
            let counts = try await eventual(every: .seconds(2)) {
                let counts = try await read(world)
                let now = counts.mapValues { $0.rxPackets + $0.txPackets }
                defer { last = now }
                return now == last ? counts : nil
            }
            return try #require(counts)
        }

        private static func read(_ world: World) async throws -> Counts {
            var counts: Counts = [:]
            for record in try await world.api.usage(by: "peer,kind") {
                counts[key(record.peerId ?? "", record.kind ?? "")] = record
            }
            return counts
        }

        private static func key(_ peer: String, _ kind: String) -> String { "\(kind) \(peer)" }
    }
}
