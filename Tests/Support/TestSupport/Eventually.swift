/// How long a test waits for what has to come. It is spent only where that never comes, so that it
/// says nothing of speed: a machine that is busy with other things may take its time.
package let patience = Duration.seconds(120)

/// Whether the condition came true; it is looked at again and again, and once at the end.
package func eventually(
    within limit: Duration = patience,
    every pause: Duration = .milliseconds(10),
    _ condition: () async throws -> Bool
) async throws -> Bool {
    try await eventual(within: limit, every: pause) { try await condition() ? true : nil } != nil
}

/// The first value that there is; it is asked for again and again. Nil when there never is one.
package func eventual<Value: Sendable>(
    within limit: Duration = patience,
    every pause: Duration = .milliseconds(10),
    _ ask: () async throws -> Value?
) async throws -> Value? {
    let deadline = ContinuousClock.now + limit
    while ContinuousClock.now < deadline {
        if let value = try await ask() { return value }
        try await Task.sleep(for: pause)
    }
    return try await ask()
}

/// How long it took until the condition came true, for a report; nil when it did not.
package func timeUntil(
    since start: ContinuousClock.Instant = .now,
    _ condition: () async throws -> Bool
) async throws -> Duration? {
    let isTrue = try await eventually(every: .milliseconds(1), condition)
    return isTrue ? ContinuousClock.now - start : nil
}

extension Duration {
    /// For a report: `12.3 ms`.
    package var milliseconds: String {
        let tenths = (self / .microseconds(100)).rounded() / 10
        return "\(tenths) ms"
    }
}
