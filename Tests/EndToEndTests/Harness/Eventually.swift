/// Whether the condition came true in time; it is looked at again and again, and once at the end.
func eventually(
    within limit: Duration,
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

/// How long it took until the condition came true, or nil when it did not in time.
func timeUntil(
    within limit: Duration,
    every pause: Duration = .milliseconds(1),
    since start: ContinuousClock.Instant = .now,
    _ condition: () async throws -> Bool
) async throws -> Duration? {
    let isTrue = try await eventually(within: limit, every: pause, condition)
    return isTrue ? ContinuousClock.now - start : nil
}

extension Duration {
    /// For a report: `12.3 ms`.
    var milliseconds: String {
        let tenths = (self / .microseconds(100)).rounded() / 10
        return "\(tenths) ms"
    }
}
