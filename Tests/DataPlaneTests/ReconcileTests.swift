import DataPlaneTestSupport
import NetAddress
import SystemIO
import Testing
import TunnelTestSupport
import WireGuardCrypto
import WireGuardEngine

@testable import DataPlane

@Suite("The data plane gets from what it carries to what is desired")
struct ReconcileTests {
    private let workers = NotedWorkers()
    private let endpoint = Endpoint("192.0.2.7:7")
    private let otherEndpoint = Endpoint("192.0.2.8:8")

    private func gateway(
        _ number: UInt64,
        in network: UInt64 = 0,
        port: UInt16? = nil,
        mtu: Int = 1420,
        key: SecretKey? = nil
    ) throws -> DesiredGateway {
        DesiredGateway(
            id: .init(number),
            networkID: .init(network),
            configuration: GatewayConfiguration(
                privateKey: key ?? .numbered(UInt8(number)),
                addresses: [try InterfaceAddress("10.0.\(number).1/24")],
                mtu: mtu
            ),
            listen: ListenAddress(port: port ?? 5000 + UInt16(number))
        )
    }

    private func peer(
        _ number: UInt64,
        on gateway: UInt64 = 1,
        _ prefixes: [String]? = nil,
        key: UInt8? = nil,
        presharedKey: SecretKey? = nil,
        endpoint: Endpoint? = nil,
        lastHeard: DesiredPeer.LastHeard? = nil
    ) throws -> DesiredPeer {
        DesiredPeer(
            id: .init(number),
            gatewayID: .init(gateway),
            configuration: PeerConfiguration(
                publicKey: .numbered(key ?? UInt8(number)),
                presharedKey: presharedKey,
                endpoint: endpoint
            ),
            lastHeard: lastHeard,
            prefixes: try (prefixes ?? ["10.0.\(gateway).\(number)"]).map { try IPPrefix($0) }
        )
    }

    @discardableResult
    private func take(_ changes: DesiredChange...) async -> [String] {
        _ = await workers.reconcile(changes)
        return workers.takeWords()
    }

    private func destination(_ address: String, on gateway: UInt64 = 1) throws -> Destination? {
        let address = try #require(IPAddress(address))
        return workers.picture.gateways.first { workers.gateway(of: $0.key) == .init(gateway) }?
            .value.view.destination(of: address)
    }

    private func handle(_ peer: UInt64) throws -> Destination {
        .peer(try #require(workers.handle(of: DesiredPeer.ID(peer))))
    }

    @Test("a gateway that opens gets its peers and its network's routes in one step")
    func opening() async throws {
        let outcome = await workers.reconcile(
            to: DesiredState(gateways: [try gateway(1)], peers: [try peer(2)])
        )
        #expect(
            workers.takeWords() == ["open 0.1 port 5001", "install 0.1 on 0", "publish to [0]"]
        )
        #expect(outcome.opened == [.init(1): 5001])
        #expect(try destination("10.0.1.2") == handle(2))
        #expect(
            try destination("10.0.1.1") == .gateway(GatewayHandle(slot: 0, generation: 1))
        )
    }

    @Test("what is carried already costs no step, whether it comes as a change or as a whole")
    func takingTwice() async throws {
        let state = DesiredState(gateways: [try gateway(1)], peers: [try peer(2)])
        _ = await workers.reconcile(to: state)
        _ = workers.takeWords()
        let outcome = await workers.reconcile(to: state)
        #expect(outcome.differences == Reconciliation.Differences())
        #expect(await take(.gateway(state.gateways[0]), .peer(state.peers[0])).isEmpty)
    }

    @Test("peers wait for their gateway, also where they are heard of first")
    func waiting() async throws {
        #expect(await take(.peer(try peer(2))).isEmpty)
        workers.setBusy([5001])
        let failed = await workers.reconcile([.gateway(try gateway(1))])
        #expect(failed.unopened == [.init(1): .portBusy(5001)])
        #expect(workers.takeWords().isEmpty)
        workers.setBusy([])
        let outcome = await workers.reconcile()
        #expect(outcome.opened == [.init(1): 5001])
        #expect(workers.takeWords().dropFirst() == ["install 0.1 on 0", "publish to [0]"])
    }

    @Test("of gateways that could not be opened, the first come is tried first, whatever their ids")
    func waitingInLine() async throws {
        workers.setBusy([5001, 5002])
        _ = await workers.reconcile([.gateway(try gateway(2))])
        _ = await workers.reconcile([.gateway(try gateway(1))])
        workers.setBusy([])
        _ = await workers.reconcile()
        let opened = workers.takeWords().filter { $0.hasPrefix("open") }
        #expect(opened.map { $0.suffix(4) } == ["5002", "5001"])
    }

    @Test("a peer changes in place unless its key is another, and nothing else is done to it")
    func changedPeer() async throws {
        await take(.gateway(try gateway(1)), .peer(try peer(2)), .peer(try peer(3)))
        let secret = SecretKey.random()
        #expect(
            await take(.peer(try peer(2, presharedKey: secret))) == ["install 0.1 on 0"]
        )
        #expect(
            await take(.peer(try peer(2, presharedKey: secret, endpoint: endpoint)))
                == ["relocate 0.1 192.0.2.7:7"]
        )
        #expect(await take(.peer(try peer(2, presharedKey: secret))).isEmpty)
        #expect(
            await take(.peer(try peer(2, ["10.9.0.0/16"], presharedKey: secret)))
                == ["publish to [0]"]
        )
        #expect(
            await take(.peer(try peer(2, ["10.9.0.0/16"], key: 9, presharedKey: secret)))
                == ["remove 0.1", "install 0.2 on 0", "publish to [0]"]
        )
        #expect(try destination("10.9.0.1") == handle(2))
    }

    @Test("where a peer was heard before counts when it is installed, and is no change afterwards")
    func lastHeard() async throws {
        let (old, now) = (WallTime(nanoseconds: 0), BootClock.moment.wall)
        func heard(_ time: WallTime?) throws -> DesiredPeer.LastHeard {
            DesiredPeer.LastHeard(endpoint: try #require(otherEndpoint), time: time)
        }
        let peers = [
            try peer(2, endpoint: endpoint, lastHeard: heard(now)),
            try peer(3, lastHeard: heard(old)), try peer(4, lastHeard: heard(nil)), try peer(5),
        ]
        let outcome = await workers.reconcile(
            to: DesiredState(gateways: [try gateway(1)], peers: peers)
        )
        #expect(Set(outcome.recentPeers) == [.init(2), .init(4)])
        let endpoints = workers.picture.peers.values.map(\.configuration.endpoint)
        #expect(endpoints.filter { $0 == otherEndpoint }.count == 3)
        _ = workers.takeWords()
        #expect(await take(.peer(try peer(3))).isEmpty)
    }

    @Test("of two peers that claim one prefix the smaller id has it, and then the other")
    func contested() async throws {
        let prefix = "192.168.0.0/16"
        await take(.gateway(try gateway(1)), .peer(try peer(3, [prefix])))
        #expect(await take(.peer(try peer(4, [prefix]))) == ["install 1.1 on 0"])
        #expect(try destination("192.168.0.1") == handle(3))
        await take(.peer(try peer(2, [prefix, "10.0.1.1"])))
        #expect(try destination("192.168.0.1") == handle(2))
        #expect(
            try destination("10.0.1.1") == .gateway(GatewayHandle(slot: 0, generation: 1)),
            "the gateway's own address is its own"
        )
        await take(.noPeer(.init(2)))
        #expect(try destination("192.168.0.1") == handle(3))
        await take(.peer(try peer(3, [])), .noPeer(.init(4)))
        #expect(try destination("192.168.0.1") == nil)
    }

    @Test("a prefix passes from one peer to another in one batch", arguments: [true, false])
    func passingPrefix(giverIsFirst: Bool) async throws {
        let prefix = "192.168.0.0/16"
        await take(.gateway(try gateway(1)), .peer(try peer(2, [prefix])), .peer(try peer(3, [])))
        let changes: [DesiredChange] = [.peer(try peer(2, [])), .peer(try peer(3, [prefix]))]
        _ = await workers.reconcile(giverIsFirst ? changes : changes.reversed())
        #expect(workers.takeWords() == ["publish to [0]"])
        #expect(try destination("192.168.0.1") == handle(3))
    }

    @Test("a slot is not used again in the batch that frees it, and then with a new generation")
    func slotsRest() async throws {
        await take(.gateway(try gateway(1)), .peer(try peer(2)))
        #expect(
            await take(.noPeer(.init(2)), .peer(try peer(3)))
                == ["remove 0.1", "install 1.1 on 0", "publish to [0]"]
        )
        #expect(await take(.peer(try peer(4))) == ["install 0.2 on 0", "publish to [0]"])
    }

    @Test("gateways of one network share their routes and an owner, and networks have their own")
    func networks() async throws {
        await take(.gateway(try gateway(1)), .gateway(try gateway(2)))
        #expect(await take(.peer(try peer(3))) == ["install 0.1 on 0", "publish to [0, 1]"])
        #expect(try destination("10.0.1.3", on: 2) == handle(3))
        #expect(
            await take(.gateway(try gateway(4, in: 1))) == ["open 2.1 port 5004", "publish to [2]"]
        )
        let placements = workers.picture.gateways.sorted { $0.key.slot < $1.key.slot }
            .map(\.value.placement)
        #expect(placements == [0, 0, 1])
        #expect(await take(.noGateway(.init(1))) == ["publish to [1]", "close 0.1"])
        #expect(try destination("10.0.1.3", on: 2) == nil)
        #expect(try destination("10.0.2.1", on: 2) != nil)
        #expect(await take(.peer(try peer(3))).isEmpty, "its gateway is gone")
    }

    @Test("another MTU or address changes a gateway in place")
    func reconfigured() async throws {
        await take(.gateway(try gateway(1)), .peer(try peer(2)))
        #expect(
            await take(.gateway(try gateway(1, mtu: 1280))) == ["reconfigure 10.0.1.1 mtu 1280"]
        )
        var other = try gateway(1)
        other.configuration.addresses = [try InterfaceAddress("10.0.1.9/24")]
        #expect(
            await take(.gateway(other)) == ["reconfigure 10.0.1.9 mtu 1420", "publish to [0]"]
        )
        #expect(try destination("10.0.1.1") == nil)
    }

    @Test("a gateway with another key is closed and opened at its port, with all of its peers")
    func otherKey() async throws {
        await take(.gateway(try gateway(1, port: 0)), .peer(try peer(2)))
        let outcome = await workers.reconcile([
            .gateway(try gateway(1, port: 0, key: .numbered(9))), .peer(try peer(3)),
        ])
        #expect(
            Set(workers.takeWords()) == [
                "close 0.1", "open 0.2 port 40001", "install 0.2 on 0", "install 1.1 on 0",
                "publish to [0]",
            ]
        )
        #expect(outcome.opened == [.init(1): 40_001])
        #expect(outcome.differences.peersAdded == 1)
        #expect(try destination("10.0.1.2") == handle(2))
    }

    @Test("a gateway that moves opens at its new port first, and stays as it is where that fails")
    func moving() async throws {
        await take(.gateway(try gateway(1)), .peer(try peer(2)), .peer(try peer(4)))
        workers.setBusy([6000])
        let next = DesiredState(
            gateways: [try gateway(1, port: 6000)],
            peers: [try peer(2, ["10.9.0.0/16"]), try peer(3)]
        )
        let failed = await workers.reconcile(to: next)
        #expect(failed.unmoved == [.init(1): .portBusy(6000)])
        #expect(failed.differences == Reconciliation.Differences())
        #expect(workers.takeWords().isEmpty)
        workers.setBusy([])
        let outcome = await workers.reconcile(to: next)
        #expect(outcome.opened == [.init(1): 6000])
        #expect(workers.takeWords().prefix(2) == ["open 1.2 port 6000", "close 0.1"])
        #expect(try destination("10.9.0.1") == handle(2))
        #expect(workers.picture.peers.count == 2)
        #expect(workers.faults.isEmpty)
    }

    @Test("one peer more of very many is one step, and costs no more than a few peers")
    func onePeerOfMany() async throws {
        let peers = try (0..<20_000).map { number in
            var desired = try peer(UInt64(number) + 10, [], key: 1)
            desired.prefixes = [IPPrefix(.v4(IPv4Address(bits: 0x0a10_0000 + UInt32(number))))]
            return desired
        }
        _ = await workers.reconcile(to: DesiredState(gateways: [try gateway(1)], peers: peers))
        #expect(workers.takeWords().count == peers.count + 2)
        #expect(await take(.peer(try peer(2))) == ["install 20000.1 on 0", "publish to [0]"])
    }

    @Test("a peer's limits change in place, and equal ones change nothing")
    func limits() async throws {
        var peer = try peer(2)
        await take(.gateway(try gateway(1)), .peer(peer))
        peer.configuration.limits = PeerLimits(rates: Rates(sent: 1_000_000))
        #expect(await take(.peer(peer)) == ["install 0.1 on 0"])
        peer.configuration.limits = PeerLimits(rates: Rates(sent: 1_000_000))
        #expect(await take(.peer(peer)) == [])
        peer.configuration.limits = nil
        #expect(await take(.peer(peer)) == ["install 0.1 on 0"])
    }

    @Test("a peer is installed again for a quota or its action, and not for what is left of it")
    func quota() async throws {
        var peer = try peer(2)
        func told(_ quota: Quota?) async -> [String] {
            peer.configuration.limits = PeerLimits(quota: quota)
            return await take(.peer(peer))
        }
        await take(.gateway(try gateway(1)), .peer(peer))
        #expect(await told(Quota(left: 9, action: .block)) == ["install 0.1 on 0"])
        #expect(await told(Quota(left: 8, action: .block)) == [])
        #expect(await told(Quota(left: 8, action: .throttle(1_000))) == ["install 0.1 on 0"])
        #expect(await told(nil) == ["install 0.1 on 0"])
    }

    @Test("an organization has its account while it has gateways, and keeps it from others")
    func organizations() async throws {
        func account(_ id: UInt64) -> SharedAccount? {
            workers.withCarried { $0.organizations[.init(id)]?.account }
        }
        var (one, other) = (try gateway(1), try gateway(2))
        one.organization = DesiredOrganization(id: .init(7))
        other.organization = DesiredOrganization(id: .init(7))
        await take(.gateway(one), .gateway(other))
        let seven = try #require(account(7))
        one.organization?.limits.rates.sent = 1_000_000
        #expect(await take(.gateway(one)) == [])
        let own = workers.withCarried { $0.gateways[one.id]?.account }
        await take(.noGateway(other.id))
        #expect(account(7) === seven)
        one.organization?.id = .init(8)
        let words = await take(.gateway(one))
        #expect(words == ["close 0.1", "open 0.2 port 5001", "publish to [0]"])
        #expect(account(7) == nil && account(8) != nil)
        #expect(workers.withCarried { $0.gateways[one.id]?.account } !== own)
        await take(.noGateway(one.id))
        #expect(account(8) == nil)
    }
}

extension SecretKey {
    static func numbered(_ number: UInt8) -> SecretKey {
        SecretKey { bytes in
            bytes[0] = number
            X25519.clamp(bytes)
        }
    }
}

extension PublicKey {
    static func numbered(_ number: UInt8) -> PublicKey {
        X25519.publicKey(of: .numbered(number &* 8))
    }
}
