import CommandLineProgram

extension TimeSpan {
    /// Runs `body`, and ends it when the time is over.
    ///
    /// - Parameters:
    ///   - goal: behind the words "waiting for", which a person reads after a second.
    ///   - failure: the sentence of the timeout.
    func limit(
        waitingFor goal: String,
        _ body: @escaping @Sendable () async throws -> Void,
        failure: @escaping @Sendable () -> String
    ) async throws {
        WaitingNote.report("waiting for \(goal)")
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask(operation: body)
            group.addTask {
                try await Task.sleep(for: duration)
                throw CommandFailure(failure(), .timedOut)
            }
            try await group.next()
            group.cancelAll()
        }
    }
}
