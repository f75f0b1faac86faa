import Synchronization

/// When a stream was last heard. A connection may be dead for a long time before the system says so.
final class StreamPulse: Sendable {
    /// Heartbeats come every ten seconds.
    private static let longestSilence = Duration.seconds(45)
    /// Of a stream that has not begun: its request has a time limit, and renewing a credential another one.
    private static let longestBeginning = Duration.seconds(300)

    private struct Heard {
        var last = ContinuousClock.now
        var wasGreeted = false
    }

    private let state = Mutex(Heard())

    var wasGreeted: Bool { state.withLock { $0.wasGreeted } }

    func note() { state.withLock { $0.last = .now } }

    func noteGreeting() { state.withLock { $0.wasGreeted = true } }

    /// Throws when nothing was heard for too long.
    func waitForSilence() async throws {
        while true {
            try await Task.sleep(for: .seconds(5))
            let (last, wasGreeted) = state.withLock { ($0.last, $0.wasGreeted) }
            let limit = wasGreeted ? Self.longestSilence : Self.longestBeginning
            if last.duration(to: .now) > limit { throw Silence() }
        }
    }
}

private struct Silence: Error, CustomStringConvertible {
    let description = "nothing was heard of the server for a while"
}
