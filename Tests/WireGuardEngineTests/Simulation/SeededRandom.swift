import Synchronization
import WireGuardEngine

/// SplitMix64: the same seed gives the same run.
final class SeededRandom: Sendable {
    private let state: Mutex<UInt64>

    init(seed: UInt64) {
        state = Mutex(seed)
    }

    func next() -> UInt64 {
        state.withLock { state in
            state &+= 0x9e37_79b9_7f4a_7c15
            var mixed = state
            mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
            return mixed ^ (mixed >> 31)
        }
    }

    func below(_ bound: UInt64) -> UInt64 { next() % bound }

    /// True in `parts` of a thousand cases.
    func happens(perMille parts: UInt64) -> Bool { below(1000) < parts }

    var source: RandomSource {
        RandomSource { bytes in
            for index in bytes.indices { bytes[index] = UInt8(truncatingIfNeeded: self.next()) }
        }
    }
}
