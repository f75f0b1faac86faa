import DataPlane
import GatewayDomain
import NetAddress
import NodeProtocol
import Testing
import Topology
import WireGuardCrypto

@testable import GatewayRuntime

struct LinkMonitorTests {
    @Test("the first answer of a link makes it direct, and is told once")
    func up() throws {
        var world = World()
        let link = try world.link(to: world.far)
        #expect(world.run(seconds: 2, answering: [link]) == [link: .direct(lanes: [0, 1])])
        let reports = world.monitor.reports(ofAll: false)
        #expect(reports.map(\.state) == [.up])
        world.monitor.noteTold(reports)
        #expect(world.monitor.reports(ofAll: false).isEmpty)
        #expect(world.monitor.reports(ofAll: true).map(\.state) == [.up])
    }

    @Test("a lane that is dead carries nothing, and the others carry on")
    func deadLane() throws {
        var world = World()
        let link = try world.link(to: world.far)
        _ = world.run(seconds: 3, answering: [link])
        #expect(
            world.run(seconds: 4, answering: [link], deadLane: 0) == [link: .direct(lanes: [1])]
        )
        world.monitor.noteTold(world.monitor.reports(ofAll: true))
        #expect(world.monitor.reports(ofAll: true).map(\.state) == [.up])
    }

    @Test("packets go around within three seconds, and come back after ten seconds of answers")
    func detour() throws {
        var world = World()
        let (link, via) = (try world.link(to: world.far), try world.link(to: world.third))
        world.distantLink(isUp: true)
        _ = world.run(seconds: 5, answering: [link, via])
        #expect(world.run(seconds: 3, answering: [via]) == [link: .detour(DesiredID(via))])
        let report = world.monitor.reports(ofAll: true).first { $0.id == link }
        #expect(report?.state == .detour)
        #expect(report?.viaGatewayID == world.third)
        #expect(world.run(seconds: 9, answering: [link, via]).isEmpty)
        #expect(
            world.run(seconds: 3, answering: [link, via]) == [link: .direct(lanes: [0, 1])]
        )
    }

    @Test("a dead link is down where the link of the third gateway is, too")
    func down() throws {
        var world = World()
        let (link, via) = (try world.link(to: world.far), try world.link(to: world.third))
        world.distantLink(isUp: false)
        _ = world.run(seconds: 5, answering: [link, via])
        #expect(world.run(seconds: 3, answering: [via]) == [link: .unreachable])
        #expect(world.monitor.reports(ofAll: true).first { $0.id == link }?.state == .down)
        world.distantLink(isUp: true)
        #expect(world.run(seconds: 1, answering: [via]) == [link: .detour(DesiredID(via))])
    }

    @Test("a restarted node says nothing of a link until its probes tell")
    func restart() throws {
        var world = World()
        let link = try world.link(to: world.far, stored: .up)
        _ = world.run(seconds: 1, answering: [])
        #expect(world.monitor.reports(ofAll: true).isEmpty)
        _ = world.run(seconds: 4, answering: [])
        #expect(world.monitor.reports(ofAll: false).map(\.state) == [.down])
        _ = world.run(seconds: 1, answering: [link])
        #expect(world.monitor.reports(ofAll: false).isEmpty)
    }

    @Test("a link that is gone has no paths and no reports, and one that comes anew begins anew")
    func gone() throws {
        var world = World()
        let link = try world.link(to: world.far)
        _ = world.run(seconds: 3, answering: [link])
        world.monitor.keep(only: [])
        #expect(world.monitor.isEmpty)
        #expect(world.run(seconds: 3, answering: [link]).isEmpty)
    }
}

/// A node with a gateway whose links are probed as the data plane does.
private struct World {
    var monitor = LinkMonitor()
    let far = GatewayID.random()
    let third = GatewayID.random()
    private let own = GatewayID.random()
    private let network = NetworkID.random()
    private let distant = BackboneLinkID.random()
    private var links: [BackboneLinkID] = []
    private var counts: [BackboneLinkID: [ProbeCounts]] = [:]
    private var known: [BackboneLinkID: LinkPath] = [:]
    private var tick = 0

    mutating func link(
        to gateway: GatewayID,
        stored: LinkState = .connecting
    ) throws -> BackboneLinkID {
        let id = BackboneLinkID.random()
        let lane = LinkProvision.Lane(
            privateKey: .init(filledBy: { _ in }),
            port: 1,
            remotePublicKey: .zero,
            remoteEndpoint: PublicEndpoint(host: .address(.v4(IPv4Address(bits: 1))), port: 1)
        )
        monitor.put(
            LinkProvision(
                id: id,
                networkID: network,
                gatewayID: own,
                remoteNodeID: .random(),
                remoteGatewayID: gateway,
                remoteAddress: .v4(IPv4Address(bits: 2)),
                remoteSubnet: try IPv4Prefix(containing: IPv4Address(bits: 2), length: 24),
                remotePrefixes: [],
                mtu: 1_420,
                lanes: [lane, lane],
                state: stored
            )
        )
        links.append(id)
        counts[id] = [ProbeCounts(), ProbeCounts()]
        return id
    }

    mutating func distantLink(isUp: Bool) {
        monitor.put(
            DistantLinkProvision(
                id: distant,
                networkID: network,
                firstGatewayID: far,
                secondGatewayID: third,
                isUp: isUp
            )
        )
    }

    /// - Returns: the last path of each link that got another one.
    mutating func run(
        seconds: Int,
        answering: Set<BackboneLinkID>,
        deadLane: Int? = nil
    ) -> [BackboneLinkID: LinkPath] {
        var paths: [BackboneLinkID: LinkPath] = [:]
        for _ in 0..<seconds * 5 {
            for (id, lanes) in counts where tick.isMultiple(of: 5) {
                for lane in lanes.indices {
                    counts[id]?[lane].sent += 1
                    guard answering.contains(id), lane != deadLane else { continue }
                    counts[id]?[lane].answered += 1
                }
            }
            let now = Duration.milliseconds(200 * tick)
            for (id, lanes) in counts {
                for (number, counts) in lanes.enumerated() {
                    monitor.note(counts, ofLane: number, of: id)
                }
            }
            for (id, path) in monitor.look(at: now)
            where known.updateValue(path, forKey: id) != path {
                paths[id] = path
            }
            tick += 1
        }
        return paths
    }
}
