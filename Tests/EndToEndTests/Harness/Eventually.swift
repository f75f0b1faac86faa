/// How long a test waits for what has to come. It is spent only where that never comes, so that it
/// says nothing of speed: a machine that is busy with other things may take its time.
let patience = Duration.seconds(120)

/// Whether the condition came true; it is looked at again and again, and once at the end.
func eventually(
    within limit: Duration = patience,
    every pause: Duration = .milliseconds(10),
    _ condition: () async throws -> Bool
) async throws -> Bool {
    let deadline = ContinuousClock.now + limit
    while ContinuousClock.now < deadline {
        if try await condition() { return true }
        try await Task.sleep(for: pause)
    }
    return try await condition()
}

/// How long it took until the condition came true, for a report; nil when it did not.
func timeUntil(
    since start: ContinuousClock.Instant = .now,
    _ condition: () async throws -> Bool
) async throws -> Duration? {
    let isTrue = try await eventually(every: .milliseconds(1), condition)
    return isTrue ? ContinuousClock.now - start : nil
}

extension Duration {
    /// For a report: `12.3 ms`.
    var milliseconds: String {
        let tenths = (self / .microseconds(100)).rounded() / 10
        return "\(tenths) ms"
    }
}
