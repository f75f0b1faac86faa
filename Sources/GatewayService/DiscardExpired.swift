import GatewayDomain
import GatewayStore

/// Forgets what is kept for a time only: the oldest of the journal, and answers that nobody repeats
/// any more.
package struct DiscardExpired: Sendable {
    /// In one transaction, which others wait for.
    private static let batch = 1_000

    let store: Store
    let settings: InstallationSettings
    let now: WallClock

    package func callAsFunction() async throws {
        let time = now()
        let oldestEvent = time.advanced(bySeconds: -Int64(settings.eventDays) * 86_400)
        let oldestAnswer = time.advanced(bySeconds: -AnswerOnce.keptSeconds)
        var isDone = false
        while !isDone {
            isDone = try await store.write { db in
                let events = try Events.trim(
                    olderThan: oldestEvent,
                    at: time,
                    limit: Self.batch,
                    db
                )
                let answers = try KeptAnswers.trim(
                    olderThan: oldestAnswer,
                    at: time,
                    limit: Self.batch,
                    db
                )
                return events < Self.batch && answers < Self.batch
            }
        }
    }
}
