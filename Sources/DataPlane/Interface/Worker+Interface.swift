import SystemIO
import WireGuardEngine

/// The interface behind the gateways, of which this worker has a queue of its own: the packets of one flow come and go
/// through one queue, and so in their order.
extension Worker {
    /// How often the interface may fill its buffers before the sockets are served.
    private static let interfaceRoundsPerTurn = 8

    /// A turn of the interface: read, let the engine work, send.
    mutating func inject() {
        guard let interface else { return }
        var rounds = 0
        repeat {
            rounds += 1
            let isLast = rounds > Self.interfaceRoundsPerTurn
            let run = interface.read(isLast: isLast, counting: &io.interface)
            guard !run.packets.isEmpty else {
                // It would be ready to be read for ever.
                if interface.isDeviceGone { poll.remove(interface.queue.descriptor) }
                return
            }
            turn.moment = BootClock.moment
            engine.inject(run, in: &turn)
            flush()
            guard !isLast || interface.hasRest else { return }
        } while interface.isFull
    }

    /// Writes the packets of the batch.
    mutating func emit(_ packets: UnsafeBufferPointer<OutgoingPacket>) {
        guard let interface else {
            io.interface.unwritten &+= UInt64(packets.count)
            return
        }
        interface.write(packets, counting: &io.interface)
    }

    mutating func attach(_ queue: TUNQueue?, of gateway: GatewayHandle?) {
        if let interface { poll.remove(interface.queue.descriptor) }
        interface = queue.map { WorkerInterface($0, of: gateway) }
        guard let queue else { return }
        do throws(SystemError) {
            try poll.add(queue.descriptor, tag: EventSource.interface.tag)
        } catch {
            // Fails only for lack of kernel memory: nothing is read then.
            io.interface.readErrors &+= 1
        }
    }
}
