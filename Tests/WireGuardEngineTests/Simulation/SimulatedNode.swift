import NetAddress
import WireGuardCrypto

@testable import WireGuardEngine

/// A host with one WireGuard interface: the engine, and what a driver would hold around it.
final class SimulatedNode {
    let gateway = GatewayHandle(slot: 0, generation: 1)
    let privateKey: SecretKey
    let publicKey: PublicKey
    /// Where datagrams to this node must be sent; a roaming node changes it.
    var endpoint: Endpoint
    /// Further gateways of the same engine, each behind an endpoint of its own.
    private(set) var otherGateways: [(handle: GatewayHandle, endpoint: Endpoint)] = []
    /// The owner of all gateways.
    var engine: Engine
    /// Engines of further workers, which carry the first gateway's packets as well.
    let carriers: [Carrier]
    var turn = Turn(at: Moment(now: Simulation.start, wall: WallTime(nanoseconds: 0)))
    var received: [[UInt8]] = []
    /// What left through the interface, in its order.
    var emitted: [EmittedPacket] = []
    private(set) var sent = 0
    /// Of all gateways that are given a part of it.
    let organization = SharedAccount()
    /// Of the first gateway.
    let account: SharedAccount
    private var egress: [(gateway: GatewayHandle, configuration: EgressConfiguration)] = []
    private var blocks: [IPPrefix] = []
    private var groups: [NextHopGroup?] = []
    private var nextSlot: UInt32 = 0
    private var routes: [(prefix: IPPrefix, destination: Destination)] = []
    /// Gateways with a table of their own.
    private var separate: [GatewayHandle] = []

    private let chooseWorker: () -> Int

    /// Another worker's engine.
    final class Carrier {
        var engine: Engine

        init(_ engine: consuming Engine) {
            self.engine = engine
        }
    }

    /// - Parameter workers: each datagram is received by one of so many, whichever it is.
    convenience init(
        endpoint: Endpoint,
        addresses: [String],
        delivery: GatewayConfiguration.LocalDelivery,
        random: SeededRandom,
        mtu: Int = 1420,
        workers: Int = 1
    ) throws {
        try self.init(
            endpoint: endpoint,
            addresses: addresses,
            delivery: delivery,
            source: random.source,
            mtu: mtu,
            workers: workers,
            chooseWorker: { workers > 1 ? Int(random.below(UInt64(workers))) : 0 }
        )
    }

    init(
        endpoint: Endpoint,
        addresses: [String],
        delivery: GatewayConfiguration.LocalDelivery,
        source: RandomSource,
        privateKey given: SecretKey? = nil,
        mtu: Int = 1420,
        workers: Int = 1,
        chooseWorker: @escaping () -> Int = { 0 }
    ) throws {
        self.endpoint = endpoint
        self.chooseWorker = chooseWorker
        privateKey = given ?? X25519.generatePrivateKey(filledBy: source.callAsFunction)
        publicKey = X25519.publicKey(of: privateKey)
        let reclamation = EpochReclamation(workers: workers)
        let ranges = MappedRanges()
        engine = Engine(random: source, sharing: reclamation, ranges: ranges)
        carriers = (1..<max(workers, 1)).map {
            Carrier(Engine(random: source, number: $0, sharing: reclamation, ranges: ranges))
        }
        let own = try addresses.map { try InterfaceAddress($0) }
        account = SharedAccount(within: organization)
        engine.installGateway(
            gateway,
            GatewayConfiguration(
                privateKey: privateKey,
                addresses: own,
                mtu: mtu,
                localDelivery: delivery,
                account: account
            )
        )
        for address in own {
            routes.append((Self.host(address.address), .gateway(gateway)))
        }
        publish()
        for carrier in carriers {
            if let share = engine.share(of: gateway) { carrier.engine.carry(share) }
        }
    }

    /// The node's turn, at this moment.
    subscript(turnAt moment: Moment) -> Turn {
        _read { yield turn }
        _modify {
            turn.moment = moment
            yield &turn
        }
    }

    /// Adds a peer with its allowed addresses.
    @discardableResult
    func add(
        _ publicKey: PublicKey,
        allowed: [String],
        endpoint: Endpoint? = nil,
        presharedKey: SecretKey? = nil,
        keepalive: UInt16 = 0,
        on other: GatewayHandle? = nil,
        probe: ProbePath? = nil,
        at moment: Moment
    ) throws -> PeerHandle {
        let handle = PeerHandle(slot: nextSlot, generation: 1)
        nextSlot += 1
        engine.installPeer(
            handle,
            on: other ?? gateway,
            PeerConfiguration(
                publicKey: publicKey,
                presharedKey: presharedKey,
                persistentKeepalive: keepalive,
                endpoint: endpoint,
                probe: probe
            ),
            at: moment
        )
        routes += try allowed.map { (try IPPrefix($0), .peer(handle)) }
        publish()
        return handle
    }

    /// A second gateway on this engine. It shares the routes when `isSameNetwork`; otherwise it
    /// gets `table`.
    func addGateway(
        endpoint: Endpoint,
        privateKey: SecretKey,
        addresses: [String],
        mtu: Int = 1420,
        table: NetworkView? = nil,
        account: SharedAccount? = nil
    ) throws -> GatewayHandle {
        let handle = GatewayHandle(slot: UInt32(otherGateways.count + 1), generation: 1)
        let own = try addresses.map { try InterfaceAddress($0) }
        engine.installGateway(
            handle,
            GatewayConfiguration(privateKey: privateKey, addresses: own, mtu: mtu, account: account)
        )
        otherGateways.append((handle, endpoint))
        if let table {
            engine.publish(table, to: [handle])
            separate.append(handle)
        } else {
            for address in own { routes.append((Self.host(address.address), .gateway(handle))) }
            publish()
        }
        return handle
    }

    /// An interface for a lane of a link, on all workers.
    func addLane(
        _ number: Int,
        endpoint: Endpoint,
        privateKey: SecretKey,
        addresses: [String],
        mtu: Int
    ) throws -> GatewayHandle {
        let handle = GatewayHandle(slot: UInt32(otherGateways.count + 1), generation: 1)
        engine.installGateway(
            handle,
            GatewayConfiguration(
                privateKey: privateKey,
                addresses: try addresses.map { try InterfaceAddress($0) },
                mtu: mtu,
                lane: number
            )
        )
        otherGateways.append((handle, endpoint))
        for carrier in carriers {
            if let share = engine.share(of: handle) { carrier.engine.carry(share) }
        }
        publish()
        return handle
    }

    /// What leads over links, in the place of what did before.
    func link(_ groups: [NextHopGroup?]) {
        self.groups = groups
        publish()
    }

    /// Drops on an interface, of all workers.
    func drops(_ reason: DropReason, of handle: GatewayHandle) -> UInt64 {
        engine.drops(of: handle)?[reason] ?? 0
    }

    /// The gateway that listens there, if any does.
    func gateway(at endpoint: Endpoint) -> GatewayHandle? {
        if endpoint == self.endpoint { return gateway }
        return otherGateways.first { $0.endpoint == endpoint }?.handle
    }

    private func endpoint(of handle: GatewayHandle) -> Endpoint {
        otherGateways.first { $0.handle == handle }?.endpoint ?? endpoint
    }

    func account(of peer: PeerHandle) -> PeerAccount? {
        engine.peers.find(peer)?.account?.takeUnretainedValue()
    }

    func usage(of peer: PeerHandle) -> Usage { account(of: peer)?.usage ?? Usage() }

    /// Of all peers, those of links included.
    var usage: Usage {
        var sum = Usage()
        engine.peers.forEach { sum = sum + usage(of: $0.handle) }
        return sum
    }

    func report(_ peer: PeerHandle) -> ActivityReport? { engine.report(of: peer) }

    var nextDeadline: Instant? { engine.nextDeadline }

    func drops(_ reason: DropReason) -> UInt64 { engine.drops(of: gateway)?[reason] ?? 0 }

    var drops: DropCounters { engine.drops(of: gateway) ?? DropCounters() }

    /// Hands one datagram to the engine, as the driver does, and gives what is to be sent.
    func receive(
        _ bytes: [UInt8],
        from sender: Endpoint,
        to listener: Endpoint? = nil,
        segmentSize: Int? = nil,
        at moment: Moment
    ) -> [Datagram] {
        var copy = bytes
        return copy.withUnsafeMutableBytes { buffer in
            receive(
                DatagramRun(
                    gateway: listener.flatMap { gateway(at: $0) } ?? gateway,
                    addressPair: AddressPair(remote: sender),
                    bytes: buffer,
                    segmentSize: segmentSize ?? buffer.count
                ),
                at: moment
            )
        }
    }

    func receive(_ run: DatagramRun, at moment: Moment) -> [Datagram] {
        let worker = chooseWorker()
        guard worker > 0 else {
            engine.pin()
            engine.receive(run, in: &self[turnAt: moment])
            received += engine.deliveries.map { Array($0.packet) }
            engine.unpin()
            return flush()
        }
        return receive(run, by: carriers[worker - 1], at: moment)
    }

    /// On another worker than the owner, which hears of it afterwards.
    func receive(_ run: DatagramRun, by carrier: Carrier, at moment: Moment) -> [Datagram] {
        carrier.engine.pin()
        carrier.engine.receive(run, in: &self[turnAt: moment])
        received += carrier.engine.deliveries.map { Array($0.packet) }
        let notices = carrier.engine.drainNotices()
        carrier.engine.unpin()
        let sent = flush()
        for notice in notices { engine.receive(notice, in: &self[turnAt: moment]) }
        return sent + flush()
    }

    func fireTimers(at moment: Moment) -> [Datagram] {
        engine.fireTimers(in: &self[turnAt: moment])
        return flush()
    }

    /// Hands plain packets to the engine, as a driver does that read them from the interface.
    func inject(
        _ packets: [[UInt8]],
        for host: GatewayHandle? = nil,
        at moment: Moment
    ) -> [Datagram] {
        let room = PacketRun.headroom + 15 + PacketRun.tailroom
        let guards = [UInt8](repeating: 0xa5, count: 16)
        var memory = guards
        for packet in packets {
            memory += [UInt8](repeating: 0xee, count: packet.count + room) + guards
        }
        return memory.withUnsafeMutableBytes { buffer in
            guard let base = buffer.baseAddress else { return [] }
            var plain: [PlainPacket] = []
            var offset = guards.count
            for packet in packets {
                let start = base + offset + PacketRun.headroom
                UnsafeMutableRawBufferPointer(start: start, count: packet.count)
                    .copyBytes(from: packet)
                plain.append(
                    PlainPacket(start: start, length: packet.count, room: packet.count + 15)
                )
                offset += packet.count + room + guards.count
            }
            defer {
                // Before each packet's room, and behind the last.
                for packet in plain {
                    let before = packet.start - PacketRun.headroom - guards.count
                    let bytes = UnsafeRawBufferPointer(start: before, count: guards.count)
                    precondition(bytes.elementsEqual(guards), "the engine wrote beside a packet")
                }
                let last = buffer.suffix(guards.count)
                precondition(last.elementsEqual(guards), "the engine wrote behind the last packet")
            }
            return plain.withUnsafeBufferPointer {
                inject(PacketRun(gateway: host, packets: $0), at: moment)
            }
        }
    }

    private func inject(_ run: PacketRun, at moment: Moment) -> [Datagram] {
        let worker = chooseWorker()
        guard worker > 0 else {
            engine.pin()
            engine.inject(run, in: &self[turnAt: moment])
            engine.unpin()
            return flush()
        }
        let carrier = carriers[worker - 1]
        carrier.engine.pin()
        carrier.engine.inject(run, in: &self[turnAt: moment])
        let notices = carrier.engine.drainNotices()
        carrier.engine.unpin()
        let sent = flush()
        for notice in notices { engine.receive(notice, in: &self[turnAt: moment]) }
        return sent + flush()
    }

    /// Of all workers.
    func interfaceDrops(_ reason: DropReason) -> UInt64 {
        carriers.reduce(engine.interfaceDrops[reason]) { $0 + $1.engine.interfaceDrops[reason] }
    }

    /// What the gateways of the first network may reach, and the network's own subnets.
    func open(
        _ egress: [(gateway: GatewayHandle, configuration: EgressConfiguration)],
        beside blocks: [IPPrefix]
    ) {
        self.egress = egress
        self.blocks = blocks
        publish()
    }

    func addRoute(_ prefix: String, to destination: Destination) throws {
        routes.append((try IPPrefix(prefix), destination))
        publish()
    }

    func send(_ packet: [UInt8], at moment: Moment) -> [Datagram] {
        packet.withUnsafeBytes { bytes in
            _ = engine.send(bytes, from: gateway, in: &self[turnAt: moment])
        }
        return flush()
    }

    func flush() -> [Datagram] {
        var datagrams: [Datagram] = []
        for message in turn.outgoing.messages {
            var bytes: [UInt8] = []
            let last = message.firstSlice + message.sliceCount
            for slice in turn.outgoing.slices[message.firstSlice..<last] {
                bytes += UnsafeRawBufferPointer(start: slice.base, count: slice.count)
            }
            var offset = 0
            while offset < bytes.count {
                let end = min(offset + message.segmentSize, bytes.count)
                datagrams.append(
                    Datagram(
                        from: endpoint(of: message.gateway),
                        to: message.addressPair.remote,
                        bytes: Array(bytes[offset..<end])
                    )
                )
                offset = end
            }
        }
        emitted += turn.outgoing.packets.map { packet in
            EmittedPacket(
                gateway: packet.gateway,
                bytes: Array(UnsafeRawBufferPointer(start: packet.base, count: packet.count))
            )
        }
        turn.outgoing.clear()
        sent += datagrams.count
        return datagrams
    }

    private func publish() {
        let sharing = otherGateways.map(\.handle).filter { !separate.contains($0) }
        engine.publish(
            NetworkView(routes: routes, blocks: blocks, egress: egress, groups: groups),
            to: [gateway] + sharing
        )
    }

    private static func host(_ address: IPAddress) -> IPPrefix { IPPrefix(address) }
}

/// A plain packet that left through the interface.
struct EmittedPacket: Equatable {
    let gateway: GatewayHandle
    let bytes: [UInt8]
}
