import GatewayDomain
import GatewayStore

extension ControlPlane {
    /// Deletes what is kept for a time only: the oldest entries of the journal, and stored responses that
    /// are too old to be repeated.
    package func discardExpired() async throws {
        // Rows that one transaction deletes at most, because others wait for it.
        let batch = 1_000
        let time = now()
        let oldestEvent = time.advanced(bySeconds: -Int64(settings.eventDays) * 86_400)
        let oldestResponse = time.advanced(bySeconds: -StoredResponse.keptSeconds)
        var isDone = false
        while !isDone {
            isDone = try await change { tx in
                let events = try Events.trim(
                    olderThan: oldestEvent,
                    at: time,
                    limit: batch,
                    tx.db
                )
                let responses = try StoredResponses.trim(
                    olderThan: oldestResponse,
                    at: time,
                    limit: batch,
                    tx.db
                )
                return events < batch && responses < batch
            }
        }
    }
}
