package import SystemIO
package import WireGuardEngine

/// The system's clocks, generator and sockets in the types of the engine, which knows none of them.
extension BootClock {
    package static var now: Instant { Instant(nanoseconds: nanoseconds) }

    /// Read once per batch.
    package static var moment: Moment {
        Moment(now: now, wall: WallTime(nanoseconds: wallNanoseconds))
    }
}

extension SystemRandom {
    static let source = RandomSource(fill)
}

extension EventPoll {
    /// Waits for the engine's next deadline too; see `wait(untilNanoseconds:into:)`.
    func wait(until deadline: Instant?, into tags: UnsafeMutablePointer<UInt64>) -> Int {
        wait(untilNanoseconds: deadline?.nanoseconds, into: tags)
    }
}

extension DatagramRun {
    @inline(__always)
    init(_ received: ReceivedRun, on gateway: GatewayHandle) {
        self.init(
            gateway: gateway,
            addressPair: AddressPair(remote: received.remote, local: received.local),
            bytes: received.bytes,
            segmentSize: received.segmentSize
        )
    }
}
