/// What a measurement of handshakes has shown.
package struct HandshakeReport: Sendable {
    package let options: HandshakeOptions
    package let stormingPeers: Int
    package let curveNanoseconds: Double
    package let alone: StormResult
    package let besideData: StormResult
    package let gigabitsPerSecondBefore: Double
    package let gigabitsPerSecondDuring: Double

    /// Handshakes completed, as a part of what four X25519 operations for each would allow.
    package var shareOfFloor: Double {
        alone.completedPerSecond / (1e9 / (4 * curveNanoseconds))
    }

    /// What the storm left of the data stream's throughput.
    package var throughputRatio: Double {
        gigabitsPerSecondBefore > 0 ? gigabitsPerSecondDuring / gigabitsPerSecondBefore : 0
    }
}
