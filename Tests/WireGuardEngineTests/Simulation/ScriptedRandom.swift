import Synchronization
import WireGuardEngine

/// Gives out prepared bytes, by length, in order; what was not prepared is zero. Keys are 32
/// bytes, indices and seeds 8, nonces of cookie replies 24.
final class ScriptedRandom: Sendable {
    private let prepared: Mutex<[Int: [[UInt8]]]>

    init(_ chunks: [[UInt8]]) {
        prepared = Mutex(Dictionary(grouping: chunks, by: \.count))
    }

    var source: RandomSource {
        RandomSource { bytes in
            let chunk = self.next(bytes.count)
            for (index, byte) in chunk.enumerated() { bytes[index] = byte }
        }
    }

    private func next(_ count: Int) -> [UInt8] {
        prepared.withLock { prepared in
            guard prepared[count]?.isEmpty == false else { return [] }
            return prepared[count]?.removeFirst() ?? []
        }
    }
}
