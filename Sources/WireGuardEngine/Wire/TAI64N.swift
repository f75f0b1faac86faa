/// The time stamp of an initiation, §5.1: 8 bytes of seconds and 4 of nanoseconds, big endian, so
/// that byte order is time order.
package struct TAI64N: Comparable {
    static let length = 12

    let seconds: UInt64
    let nanoseconds: UInt32

    static let zero = TAI64N(seconds: 0, nanoseconds: 0)

    /// Rounded down to 2^24 ns, as Linux does: the stamp must not show peers a precise clock.
    package init(_ wall: WallTime) {
        seconds = 0x4000_0000_0000_000a &+ wall.nanoseconds / 1_000_000_000
        nanoseconds = UInt32(wall.nanoseconds % 1_000_000_000) & ~0x00ff_ffff
    }

    init(_ bytes: UnsafeMutablePointer<UInt8>) {
        seconds = bytes.big64(at: 0)
        nanoseconds = bytes.big32(at: 8)
    }

    private init(seconds: UInt64, nanoseconds: UInt32) {
        self.seconds = seconds
        self.nanoseconds = nanoseconds
    }

    /// The smallest stamp that is later.
    package var next: TAI64N {
        nanoseconds < 999_999_999
            ? TAI64N(seconds: seconds, nanoseconds: nanoseconds + 1)
            : TAI64N(seconds: seconds &+ 1, nanoseconds: 0)
    }

    /// In whole seconds; negative where `other` is later. Bounded, as both come from the network.
    func seconds(since other: TAI64N) -> Int64 {
        seconds >= other.seconds
            ? Int64(clamping: seconds - other.seconds) : -Int64(clamping: other.seconds - seconds)
    }

    func write(to bytes: UnsafeMutablePointer<UInt8>) {
        bytes.storeBig(seconds, at: 0)
        bytes.storeBig(nanoseconds, at: 8)
    }

    package static func < (a: TAI64N, b: TAI64N) -> Bool {
        (a.seconds, a.nanoseconds) < (b.seconds, b.nanoseconds)
    }
}
