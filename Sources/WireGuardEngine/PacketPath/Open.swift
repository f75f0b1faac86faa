import Synchronization
import WireGuardCrypto

/// Step 2: is it really from that peer, and new?
/// Before: sealed payloads. After: authentic plaintexts at the same place, replays gone.
extension Engine {
    struct Opened {
        var packets = 0
        /// Whether any of them carries data; empty ones are keepalives.
        var hasData = false
        /// Of UDP payload: of whole messages, with header, padding and tag.
        var bytes: UInt64 = 0
    }

    /// Opens the first `count` packets in flight and moves the good ones to the front.
    @inline(__always)
    mutating func open(
        _ count: Int,
        with session: SessionPointer,
        on gateway: GatewayPointer,
        at now: Instant
    ) -> Opened {
        guard !session.pointee.isExpired(at: now) else {
            gateway.recordDrop(.expiredSession, count: count)
            return Opened()
        }
        let flight = flight
        return session.pointee.window.withLock { window in
            var opened = Opened()
            for index in 0..<count {
                var packet = flight[index]
                let counter = packet.message.little64(at: TransportLayout.counter)
                guard window.mayAccept(counter) else {
                    gateway.recordDrop(.replayed)
                    continue
                }
                guard
                    session.pointee.receiving.open(
                        packet.payload,
                        count: packet.available,
                        counter: counter
                    )
                else {
                    gateway.recordDrop(.forged)
                    continue
                }
                window.accept(counter)
                opened.bytes &+= UInt64(TransportLayout.payload + packet.available)
                packet.available -= TransportLayout.tagLength
                opened.hasData = opened.hasData || packet.available > 0
                flight[opened.packets] = packet
                opened.packets += 1
            }
            return opened
        }
    }
}
