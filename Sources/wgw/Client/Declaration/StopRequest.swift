import Glibc
import Synchronization
import UnixSignals

/// That the user wants a command to stop, which it does between two requests: it can say then what it has
/// done. A second signal ends it at once.
final class StopRequest: Sendable {
    private let isMade = Atomic(false)

    var isPending: Bool { isMade.load(ordering: .relaxed) }

    /// Listens to SIGINT and SIGTERM while `body` runs.
    static func listening<Result: Sendable>(
        _ body: (StopRequest) async throws -> Result
    ) async throws -> Result {
        let request = StopRequest()
        let signals = await UnixSignalsSequence(trapping: .sigint, .sigterm)
        let listener = Task {
            for await _ in signals {
                if request.isMade.exchange(true, ordering: .relaxed) { exit(1) }
            }
        }
        defer { listener.cancel() }
        return try await body(request)
    }
}
