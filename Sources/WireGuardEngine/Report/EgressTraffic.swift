import Synchronization

/// What passed the interface: inner packets and their bytes, without anything of WireGuard's. The same
/// packets count as received from their peer, or as sent to it, too.
public struct EgressTraffic: Hashable, Sendable {
    public internal(set) var leftPackets: UInt64 = 0
    public internal(set) var leftBytes: UInt64 = 0
    public internal(set) var enteredPackets: UInt64 = 0
    public internal(set) var enteredBytes: UInt64 = 0

    public init() {}
}

extension EgressTraffic {
    mutating func left(_ count: PacketCount) {
        leftPackets &+= count.packets
        leftBytes &+= count.bytes
    }

    mutating func entered(_ count: PacketCount) {
        enteredPackets &+= count.packets
        enteredBytes &+= count.bytes
    }
}

/// A gateway's egress while it happens, on any worker.
struct EgressTally: ~Copyable {
    private let leftPackets = Atomic<UInt64>(0)
    private let leftBytes = Atomic<UInt64>(0)
    private let enteredPackets = Atomic<UInt64>(0)
    private let enteredBytes = Atomic<UInt64>(0)

    func left(_ count: PacketCount) {
        leftPackets.wrappingAdd(count.packets, ordering: .relaxed)
        leftBytes.wrappingAdd(count.bytes, ordering: .relaxed)
    }

    func entered(_ count: PacketCount) {
        enteredPackets.wrappingAdd(count.packets, ordering: .relaxed)
        enteredBytes.wrappingAdd(count.bytes, ordering: .relaxed)
    }

    var traffic: EgressTraffic {
        var traffic = EgressTraffic()
        traffic.leftPackets = leftPackets.load(ordering: .relaxed)
        traffic.leftBytes = leftBytes.load(ordering: .relaxed)
        traffic.enteredPackets = enteredPackets.load(ordering: .relaxed)
        traffic.enteredBytes = enteredBytes.load(ordering: .relaxed)
        return traffic
    }
}

/// Once per run and peer.
extension Engine {
    @inline(never)
    func recordLeft(_ count: PacketCount, by sender: PeerPointer, on gateway: GatewayPointer) {
        gateway.pointee.egress.left(count)
        sender.pointee.activity.withLock { $0.countEgress { $0.left(count) } }
    }

    @inline(never)
    func recordEntered(_ count: PacketCount, for target: PeerPointer, on gateway: GatewayPointer) {
        gateway.pointee.egress.entered(count)
        target.pointee.activity.withLock { $0.countEgress { $0.entered(count) } }
    }
}
