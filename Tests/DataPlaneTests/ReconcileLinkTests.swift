import DataPlaneTestSupport
import NetAddress
import SystemIO
import Testing
import TunnelTestSupport
import WireGuardCrypto

@testable import DataPlane
@testable import WireGuardEngine

@Suite("The data plane carries the links that are desired")
struct ReconcileLinkTests {
    private let workers = NotedWorkers()

    private func link(
        _ number: UInt64,
        to remote: UInt64? = nil,
        lanes: Int = 2,
        prefixes: [String] = []
    ) throws -> DesiredLink {
        DesiredLink(
            id: .init(number),
            networkID: .init(0),
            remoteNodeID: .init(100 + (remote ?? number)),
            addresses: [try InterfaceAddress("10.0.0.1/24")],
            remoteAddress: IPv4Address("10.0.\(number).1"),
            subnets: [try IPPrefix("10.0.\(number).0/24")],
            prefixes: try prefixes.map { try IPPrefix($0) },
            lanes: (0..<UInt64(lanes)).map { lane(link: number, $0) }
        )
    }

    private func lane(link: UInt64, _ number: UInt64) -> DesiredLink.Lane {
        let key = UInt8(8 * link + number)
        let port = UInt16(6000 + 10 * link + number)
        return DesiredLink.Lane(
            privateKey: .numbered(key),
            listen: ListenAddress(port: port),
            remoteKey: .numbered(key + 100),
            endpoint: Endpoint("192.0.2.7:\(port)")
        )
    }

    private var view: NetworkView {
        workers.picture.gateways.values.first?.view ?? NetworkView()
    }

    private func group(toward address: String) throws -> NextHopGroup {
        let address = try #require(IPAddress(address))
        guard case .link(let index)? = view.destination(of: address) else {
            throw Absent()
        }
        return try #require(view.groups[Int(index)])
    }

    private struct Absent: Error {}

    @Test("a link opens its lanes, with their peers and probes, and its prefixes lead to them")
    func opening() async throws {
        let outcome = await workers.reconcile(
            to: DesiredState(links: [try link(1, prefixes: ["192.168.7.0/24"])])
        )
        #expect(outcome.opened.isEmpty)
        #expect(outcome.openedLanes == [.init(1): [0: 6010, 1: 6011]])
        #expect(workers.picture.gateways.count == 2)
        for peer in workers.picture.peers.values {
            #expect(peer.configuration.probe?.source == IPv4Address("10.0.0.1"))
            #expect(peer.configuration.probe?.destination == IPv4Address("10.0.1.1"))
        }
        for address in ["10.0.1.77", "192.168.7.7"] {
            #expect(try group(toward: address).lanes.count { $0 != nil } == 2)
        }
        // The link's own side is of its gateway, which is not desired here.
        #expect(view.destination(of: try #require(IPAddress("10.0.0.1"))) == nil)
    }

    @Test("a lane whose port is taken is reported and tried again, while the others carry")
    func busyLane() async throws {
        workers.setBusy([6011])
        let outcome = await workers.reconcile([.link(try link(1))])
        #expect(outcome.openedLanes == [.init(1): [0: 6010]])
        #expect(outcome.unopenedLanes[.init(1)]?.keys.sorted() == [1])
        #expect(try group(toward: "10.0.1.2").lanes.map { $0 != nil } == [true, false])
        workers.setBusy([])
        _ = await workers.reconcile()
        #expect(try group(toward: "10.0.1.2").lanes.map { $0 != nil } == [true, true])
    }

    @Test("other prefixes touch no session, and a lane less closes that lane alone")
    func changes() async throws {
        _ = await workers.reconcile([.link(try link(1))])
        _ = workers.takeWords()
        _ = await workers.reconcile([.link(try link(1, prefixes: ["10.9.0.0/16"]))])
        #expect(workers.takeWords().allSatisfy { $0.hasPrefix("publish") })
        #expect(try group(toward: "10.9.1.1").lanes.count == 2)
        _ = await workers.reconcile([.link(try link(1, lanes: 1))])
        #expect(workers.takeWords().filter { !$0.hasPrefix("publish") }.count == 1)
        #expect(view.destination(of: try #require(IPAddress("10.9.1.1"))) == nil)
        _ = await workers.reconcile([.noLink(.init(1))])
        #expect(workers.picture.gateways.isEmpty && workers.picture.peers.isEmpty)
    }

    @Test("a path is taken without a new view, and kept by all later ones")
    func paths() async throws {
        _ = await workers.reconcile([.link(try link(1)), .link(try link(2))])
        _ = workers.takeWords()
        let choice = try group(toward: "10.0.1.2").choice
        guard case .link(let second)? = view.destination(of: try #require(IPAddress("10.0.2.2")))
        else { throw Absent() }
        func take(_ path: LinkPath) -> Bool {
            workers.withCarried { $0.take(path, for: .init(1)) }
        }
        #expect(take(.detour(.init(2))))
        #expect(choice.path == .detour(group: Int(second)))
        _ = await workers.reconcile([.link(try link(1, lanes: 3))])
        #expect(try group(toward: "10.0.1.2").choice === choice)
        #expect(choice.path == .detour(group: Int(second)))
        #expect(take(.direct(lanes: [0, 2])))
        #expect(choice.path == .direct(lanes: 0b101))
        #expect(take(.unreachable))
        #expect(choice.path == .unreachable)
        // To itself, to one that is not there, of one that is not there.
        #expect(!take(.detour(.init(1))) && !take(.detour(.init(9))))
        #expect(!workers.withCarried { $0.take(.unreachable, for: .init(9)) })
        #expect(choice.path == .unreachable)
    }

    @Test("a gateway leads out over the link that says so, until the link says otherwise or ends")
    func wayOut() async throws {
        let gateway = DesiredGateway(
            id: .init(7),
            networkID: .init(0),
            configuration: GatewayConfiguration(
                privateKey: .numbered(7),
                addresses: [try InterfaceAddress("10.0.0.1/24")]
            ),
            listen: ListenAddress(port: 5000)
        )
        func distant() throws -> [DistantPermission]? {
            let found = workers.picture.gateways.first {
                workers.gateway(of: $0.key) == gateway.id
            }
            let (handle, carried) = try #require(found)
            return carried.view.egress(of: handle)?.configuration.distant
        }
        let service = EgressPermission(try IPPrefix("203.0.113.0/24"))
        var leading = try link(2)
        leading.wayOut = DesiredLink.WayOut(
            of: gateway.id,
            subnet: try IPv4Prefix("10.0.0.0/24"),
            services: [service]
        )
        _ = await workers.reconcile([.gateway(gateway), .link(try link(1)), .link(leading)])
        guard case .link(let index)? = view.destination(of: try #require(IPAddress("10.0.2.2")))
        else { throw Absent() }
        #expect(try distant() == [DistantPermission(service, over: index)])
        _ = await workers.reconcile([.link(try link(2))])
        #expect(try distant() == nil)
        _ = await workers.reconcile([.link(leading)])
        #expect(try distant()?.count == 1)
        _ = await workers.reconcile([.noLink(leading.id)])
        #expect(try distant() == nil)
    }

    @Test("a link is unreachable when the one that it goes around by ends")
    func detourEnds() async throws {
        _ = await workers.reconcile([.link(try link(1)), .link(try link(2))])
        let choice = try group(toward: "10.0.1.2").choice
        _ = workers.withCarried { $0.take(.detour(.init(2)), for: .init(1)) }
        _ = await workers.reconcile([.noLink(.init(2)), .link(try link(3))])
        #expect(choice.path == .unreachable)
    }

    @Test("links to one node have one number, so that none is a way back from another")
    func sameRemote() async throws {
        _ = await workers.reconcile([
            .link(try link(1, to: 1)), .link(try link(2, to: 1)), .link(try link(3)),
        ])
        let numbers = try ["10.0.1.2", "10.0.2.2", "10.0.3.2"].map { try group(toward: $0).remote }
        #expect(numbers[0] == numbers[1] && numbers[1] != numbers[2])
    }
}
