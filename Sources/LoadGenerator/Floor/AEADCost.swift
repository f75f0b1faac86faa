import CLinux
import SystemIO
import WireGuardCrypto
import WireGuardEngine

/// Opening a packet with one session's key and sealing it with another's, in place, and nothing
/// else: what is sealed in one round is opened in the next.
enum AEADCost {
    /// As much memory as a worker receives into.
    private static let memoryBytes = 32 << 16

    static func secondsPerGB(_ options: FloorOptions) -> Double {
        let payload = TransportMessage.paddedLength(options.size)
        let length = options.datagramLength
        let packets = memoryBytes / length
        let memory = UnsafeMutablePointer<UInt8>.allocate(capacity: packets * length)
        memory.initialize(repeating: 0x5a, count: packets * length)
        defer { memory.deallocate() }
        let keys = [makeCipher(), makeCipher()]
        var round: UInt64 = 0
        for index in 0..<packets {
            let bytes = memory + index * length + TransportMessage.headerLength
            keys[0].cipher.seal(bytes, count: payload, counter: 0)
        }

        let until = BootClock.nanoseconds + UInt64(options.seconds * 1e9)
        let start = threadTime
        while BootClock.nanoseconds < until {
            let from = keys[Int(round % 2)]
            let to = keys[Int((round + 1) % 2)]
            for index in 0..<packets {
                let bytes = memory + index * length + TransportMessage.headerLength
                let isOpen = from.cipher.open(
                    bytes,
                    count: payload + TransportMessage.tagLength,
                    counter: round
                )
                precondition(isOpen, "what was sealed with a key opens with it")
                to.cipher.seal(bytes, count: payload, counter: round + 1)
            }
            round += 1
        }
        let seconds = Double(threadTime - start) / 1e9
        return seconds / (Double(round) * Double(packets * options.size) / 1e9)
    }

    private final class Keyed {
        let cipher: ChaCha20Poly1305

        init(_ key: SecretKey) {
            cipher = key.withBytes { ChaCha20Poly1305(key: $0) }
        }
    }

    private static func makeCipher() -> Keyed {
        Keyed(SecretKey { SystemRandom.fill($0) })
    }

    private static var threadTime: UInt64 {
        var nanoseconds: UInt64 = 0
        _ = clinux_thread_time(&nanoseconds)
        return nanoseconds
    }
}
