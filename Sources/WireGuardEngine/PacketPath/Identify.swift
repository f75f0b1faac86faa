/// Step 1: which session do these datagrams belong to?
/// Before: bytes of the right shape. After: a run of packets of one session and one sender.
extension Engine {
    /// Collects transport messages that follow each other with the same receiver index: what is
    /// looked up for the first holds for all. Returns their number: at least one, as `start` is where
    /// a transport message begins.
    @inline(__always)
    func gather(_ run: DatagramRun, from start: Int) -> Int {
        guard let base = run.bytes.baseAddress?.assumingMemoryBound(to: UInt8.self) else {
            return 0
        }
        let receiver = (base + start).little32(at: TransportLayout.receiver)
        var offset = start
        var count = 0
        while offset < run.bytes.count, count < InFlight.maximumRun {
            let message = base + offset
            let length = min(run.segmentSize, run.bytes.count - offset)
            guard MessageKind(message, length: length) == .transport,
                message.little32(at: TransportLayout.receiver) == receiver
            else { break }
            (flight + count).initialize(
                to: InFlight(message: message, available: length - TransportLayout.payload)
            )
            count += 1
            offset += length
        }
        return count
    }

    /// The session of a gathered run; it knows its peer.
    @inline(__always)
    func identify(on gateway: GatewayPointer) -> SessionPointer? {
        gateway.pointee.sessions.find(flight[0].message.little32(at: TransportLayout.receiver))
    }
}
