import SystemIO
import WireGuardEngine

/// A worker's end of the interface behind the gateways: one queue of it, and the memory for both directions.
final class WorkerInterface {
    let queue: TUNQueue
    /// The one whose host has the interface; nil for the interface of a node (`PacketRun`).
    let gateway: GatewayHandle?
    private var buffers = InterfaceBuffers()
    private var sink = InterfaceSink()

    init(_ queue: TUNQueue, of gateway: GatewayHandle?) {
        self.queue = queue
        self.gateway = gateway
    }

    var hasRest: Bool { buffers.hasRest }
    var isDeviceGone: Bool { buffers.isDeviceGone }
    var isFull: Bool { buffers.isFull }

    func read(isLast: Bool, counting counters: inout IOCounters.Interface) -> PacketRun {
        let packets = buffers.read(from: queue, isLast: isLast, counting: &counters)
        return PacketRun(gateway: gateway, packets: packets)
    }

    func write(
        _ packets: UnsafeBufferPointer<OutgoingPacket>,
        counting counters: inout IOCounters.Interface
    ) {
        sink.write(packets, to: queue, counting: &counters)
    }
}
