import Synchronization
import TestSupport
import WireGuardEngine

/// SplitMix64 as an engine takes it: the same seed gives the same run.
final class SeededRandom: Sendable {
    private let generator: Mutex<SplitMix64>

    init(seed: UInt64) {
        generator = Mutex(SplitMix64(seed: seed))
    }

    func next() -> UInt64 { generator.withLock { $0.next() } }

    func below(_ bound: UInt64) -> UInt64 { next() % bound }

    /// True in `parts` of a thousand cases.
    func happens(perMille parts: UInt64) -> Bool { below(1000) < parts }

    var source: RandomSource {
        RandomSource { bytes in
            for index in bytes.indices { bytes[index] = UInt8(truncatingIfNeeded: self.next()) }
        }
    }
}
