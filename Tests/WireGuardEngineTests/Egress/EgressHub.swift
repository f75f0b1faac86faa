import NetAddress
import Testing
import TunnelTestSupport

@testable import WireGuardEngine

/// A hub whose gateway has a way out, and clients that route everything to it.
struct EgressHub {
    static let block = "10.0.0.0/24"
    static let mapped = "100.64.7.0/24"

    let hub: Hub

    var gateway: SimulatedNode { hub.gateway }
    var moment: Moment { hub.simulation.moment }

    init(
        services: [EgressPermission] = [],
        internet: Bool = false,
        excluded: [String] = [],
        clients: Int = 2,
        mtu: Int = 1420,
        workers: Int = 1
    ) throws {
        hub = try Hub(clients: clients, mtu: mtu, workers: workers)
        for index in 0..<clients { try hub.allowEverything(atClient: index) }
        hub.connect()
        try permit(services, internet: internet, excluded: excluded)
    }

    func permit(
        _ services: [EgressPermission],
        internet: Bool = false,
        excluded: [String] = []
    ) throws {
        let configuration = try #require(
            EgressConfiguration(
                subnet: try IPv4Prefix(Self.block),
                mappedRange: try IPv4Prefix(Self.mapped),
                services: services,
                internet: internet,
                excluded: try excluded.map { try IPPrefix($0) }
            )
        )
        gateway.open(
            [(gateway.gateway, configuration)],
            beside: [try IPPrefix(Self.block)]
        )
    }

    /// Sends from one client, and gives what leaves through the interface.
    func leaving(_ packet: [UInt8], from index: Int = 0) -> [[UInt8]] {
        gateway.emitted.removeAll()
        hub.simulation.send(packet, from: hub.clients[index])
        hub.simulation.settle()
        return gateway.emitted.map(\.bytes)
    }

    /// Gives what all clients receive of a packet that comes from the interface.
    func entering(_ packets: [UInt8]...) -> [[UInt8]] {
        gateway.emitted.removeAll()
        for client in hub.clients { client.received.removeAll() }
        hub.simulation.transmit(gateway.inject(packets, at: moment))
        hub.simulation.settle()
        return hub.clients.flatMap(\.received)
    }

    func drops(_ reason: DropReason) -> UInt64 { gateway.drops(reason) }

    /// What the drops of one reason grew by.
    func counted(_ reason: DropReason, _ body: () -> Void) -> UInt64 {
        let before = drops(reason)
        body()
        return drops(reason) - before
    }
}

extension EgressPermission {
    init(
        _ prefix: String,
        _ transportProtocol: UInt8? = nil,
        _ ports: ClosedRange<UInt16>? = nil
    ) throws {
        self.init(try IPPrefix(prefix), transportProtocol: transportProtocol, ports: ports)
    }
}

extension Packets {
    static func sourceOf(_ packet: [UInt8]) -> String { dotted(packet[12..<16]) }
    static func destinationOf(_ packet: [UInt8]) -> String { dotted(packet[16..<20]) }

    private static func dotted(_ bytes: ArraySlice<UInt8>) -> String {
        bytes.map { "\($0)" }.joined(separator: ".")
    }

    /// A UDP datagram with these ports, checksums right.
    static func udp(
        from source: String,
        port: UInt16,
        to destination: String,
        port other: UInt16,
        _ text: String = "x",
        hopLimit: UInt8 = 64
    ) -> [UInt8] {
        var packet = udp(from: source, to: destination, text, hopLimit: hopLimit)
        packet.replaceSubrange(20..<24, with: bytes(port) + bytes(other))
        return setChecksum(of: packet, proto: 17, at: 6)
    }

    /// An ICMP error over IPv4 that quotes a packet.
    static func icmpError(
        from source: String,
        to destination: String,
        type: UInt8,
        code: UInt8,
        word: UInt32 = 0,
        quoting quoted: [UInt8]
    ) -> [UInt8] {
        let message = [type, code, 0, 0] + bytes(word) + quoted.prefix(28)
        return setChecksum(
            of: ip(from: source, to: destination, proto: 1, message),
            proto: 1,
            at: 2
        )
    }

    /// The same IPv4 packet as a piece of a larger one.
    static func fragment(_ packet: [UInt8], offset: UInt16, isLast: Bool) -> [UInt8] {
        var packet = packet
        packet.replaceSubrange(6..<8, with: bytes(offset / 8 | (isLast ? 0 : 0x2000)))
        return setHeaderChecksum(of: packet)
    }
}
