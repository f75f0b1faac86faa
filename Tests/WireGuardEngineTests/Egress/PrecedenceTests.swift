import NetAddress
import Testing
import TunnelTestSupport

@testable import WireGuardEngine

@Suite("Own blocks come before services, and services before the internet")
struct PrecedenceTests {
    private func udp(_ destination: String, from source: String = "10.0.0.2") -> [UInt8] {
        Packets.udp(from: source, to: destination, "x")
    }

    @Test("an address in the network's own block never leaves, whatever a service names")
    func ownBlock() throws {
        let egress = try EgressHub(
            services: [
                EgressPermission("10.0.0.0/8"), EgressPermission("10.0.0.77"),
                EgressPermission("10.0.0.3"),
            ],
            internet: true
        )
        #expect(egress.leaving(udp("10.0.0.77")).isEmpty)
        #expect(egress.drops(.noRoute) == 1)
        #expect(egress.leaving(udp("10.0.0.3")).isEmpty)
        #expect(egress.hub.clients[1].received.count == 1)
        #expect(egress.leaving(udp("10.0.1.1")).count == 1)
    }

    @Test("of a site's route and a service the longer prefix counts, and of equal ones the route")
    func sites() throws {
        let egress = try EgressHub(services: [
            EgressPermission("203.0.113.0/24"), EgressPermission("198.51.100.0/24"),
        ])
        egress.hub.simulation.forgetLog()
        let site = Destination.peer(egress.hub.handles[1])
        try egress.gateway.addRoute("203.0.113.128/25", to: site)
        try egress.gateway.addRoute("198.51.0.0/16", to: site)
        #expect(egress.leaving(udp("203.0.113.1")).count == 1)
        #expect(egress.leaving(udp("203.0.113.129")).isEmpty)
        #expect(egress.leaving(udp("198.51.100.1")).count == 1)
        #expect(egress.leaving(udp("198.51.7.1")).isEmpty)
        try egress.gateway.addRoute("203.0.113.0/24", to: site)
        #expect(egress.leaving(udp("203.0.113.1")).isEmpty)
        #expect(egress.hub.sentPackets(to: 1) == 3 && egress.drops(.egressNotAllowed) == 0)
        // Nor may the interface speak for the site.
        #expect(egress.entering(udp("100.64.7.2", from: "203.0.113.129")).isEmpty)
        #expect(egress.drops(.spoofedSource) == 1)
    }

    @Test(
        "the internet of the gateway comes before the network's default peer, which gets what is private"
    )
    func defaultPeer() throws {
        let egress = try EgressHub(internet: true)
        egress.hub.simulation.forgetLog()
        try egress.gateway.addRoute("0.0.0.0/0", to: .peer(egress.hub.handles[1]))
        #expect(egress.leaving(udp("8.8.8.8")).count == 1)
        #expect(egress.leaving(udp("192.168.9.9")).isEmpty)
        #expect(egress.hub.sentPackets(to: 1) == 1)
        try egress.permit([])
        #expect(egress.leaving(udp("8.8.8.8")).isEmpty)
        #expect(egress.hub.sentPackets(to: 1) == 2 && egress.drops(.egressNotAllowed) == 0)
        // What the default peer answers for is not the interface's.
        #expect(egress.entering(udp("100.64.7.2", from: "8.8.8.8")).isEmpty)
        #expect(egress.drops(.unsolicited) == 1)
    }

    @Test(
        "the internet is all public addresses and no other, unless a service names them",
        arguments: [
            ("8.8.8.8", true), ("1.1.1.1", true), ("223.255.255.255", true),
            ("9.255.255.255", true),
            ("11.0.0.0", true), ("0.0.0.1", false), ("10.1.2.3", false), ("100.64.0.1", false),
            ("100.127.255.255", false), ("100.128.0.0", true), ("127.0.0.1", false),
            ("169.254.169.254", false), ("172.16.0.1", false), ("172.32.0.1", true),
            ("192.168.0.1", false), ("198.18.0.1", false), ("198.20.0.1", true),
            ("224.0.0.251", false), ("239.255.255.255", false), ("240.0.0.1", false),
            ("255.255.255.255", false), ("192.0.2.1", false), ("192.168.7.7", true),
        ]
    )
    func internet(address: String, isReachable: Bool) throws {
        let egress = try EgressHub(
            services: [EgressPermission("192.168.7.0/24")],
            internet: true,
            excluded: ["192.0.2.1"]
        )
        #expect(egress.leaving(udp(address)).isEmpty != isReachable)
        let isEntered = !egress.entering(udp("100.64.7.2", from: address)).isEmpty
        #expect(isEntered == isReachable)
    }

    @Test(
        "a service around an address of the node does not open it, and one inside a private range does"
    )
    func exclusions() throws {
        let egress = try EgressHub(
            services: [
                EgressPermission("192.0.2.0/24"), EgressPermission("169.254.169.254"),
                EgressPermission("10.0.0.0/8"),
            ],
            excluded: ["192.0.2.1"]
        )
        #expect(egress.leaving(udp("192.0.2.1")).isEmpty)
        #expect(egress.leaving(udp("192.0.2.2")).count == 1)
        #expect(egress.leaving(udp("169.254.169.254")).count == 1)
        #expect(egress.leaving(udp("10.200.0.1")).count == 1)
    }

    @Test("a change of services counts from the next packet on, and the sessions go on")
    func changes() throws {
        let egress = try EgressHub()
        #expect(egress.leaving(udp("203.0.113.1")).isEmpty)
        try egress.permit([EgressPermission("203.0.113.1")])
        #expect(egress.leaving(udp("203.0.113.1")).count == 1)
        try egress.permit([EgressPermission("203.0.113.2")])
        #expect(egress.leaving(udp("203.0.113.1")).isEmpty)
        #expect(egress.hub.simulation.log.filter { $0.datagram.kind == .initiation }.count == 2)
    }

    @Test("a range of another length than the subnet is refused")
    func lengths() throws {
        let subnet = try IPv4Prefix("10.0.0.0/24")
        let range = try IPv4Prefix("100.64.0.0/23")
        #expect(EgressConfiguration(subnet: subnet, mappedRange: range) == nil)
    }

    @Test("tables that a change does not concern are not compiled again")
    func reuse() throws {
        let configuration = try #require(
            EgressConfiguration(
                subnet: try IPv4Prefix("10.0.0.0/24"),
                mappedRange: try IPv4Prefix("100.64.7.0/24")
            )
        )
        let first = GatewayHandle(slot: 0, generation: 1)
        let second = GatewayHandle(slot: 1, generation: 1)
        let view = NetworkView(egress: [(first, configuration)])
        let next = view.replacing(
            blocks: [],
            egress: [(first, configuration), (second, configuration)]
        )
        #expect(next.egress(of: first) === view.egress(of: first))
        #expect(next.egress(of: second) != nil)
        let block = try IPPrefix("10.0.0.0/24")
        let beside = next.replacing(blocks: [block], egress: [(first, configuration)])
        #expect(beside.egress(of: first) !== view.egress(of: first))
        #expect(beside.egress(of: second) == nil)
        #expect(beside.changing(removed: [block]).egress(of: first) === beside.egress(of: first))
    }
}
