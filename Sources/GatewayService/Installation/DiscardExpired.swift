import GatewayDomain
import GatewayStore

extension ControlPlane {
    /// Deletes what is kept for a time only: the oldest entries of the journal, stored responses that are
    /// too old to be repeated, files that a link does not open any more, links that ended long ago, and sessions and codes that have ended.
    /// Months are closed, usage is rolled up, and new periods of quotas begin.
    ///
    /// Of several servers, one does it.
    package func discardExpired() async throws {
        let lease = try await housekeeping()
        if server != nil, lease == nil { return }
        // Rows that one transaction deletes at most, because others wait for it.
        let batch = 1_000
        let time = now()
        let oldestEvent = time.advanced(bySeconds: -Int64(settings.eventDays) * 86_400)
        let oldestShare = time.advanced(bySeconds: -PeerShare.rememberedSeconds)
        let oldestResponse = time.advanced(bySeconds: -StoredResponse.keptSeconds)
        var isDone = false
        while !isDone {
            isDone = try await change { tx in
                if let lease { try tx.require(lease) }
                let events = try Events.trim(
                    olderThan: oldestEvent,
                    at: time,
                    limit: batch,
                    note: { (last) throws(StoreError) in
                        let skipped = try Webhooks.skip(upTo: last, limit: batch, tx.db)
                        tx.afterCommit.add { webhookCounts.count(.skipped, skipped) }
                    },
                    tx.db
                )
                let responses = try StoredResponses.trim(
                    olderThan: oldestResponse,
                    at: time,
                    limit: batch,
                    tx.db
                )
                let files = try PeerShares.discardFiles(
                    expiredBefore: time,
                    limit: batch,
                    tx.db
                )
                let shares = try PeerShares.trim(
                    expiredBefore: oldestShare,
                    limit: batch,
                    tx.db
                )
                for share in shares {
                    let scope = Scope(organizationID: share.organizationID)
                    let network = try tx.network(of: share.peerID, in: scope)
                    try tx.journal.deleted(.peerShare(share, in: network))
                }
                let codes = try SignInCodes.trim(endedBefore: time, limit: batch, tx.db)
                let sessions = try Sessions.trim(endedBefore: time, limit: batch, tx.db)
                for session in sessions { try tx.journal.deleted(.session(session)) }
                guard try !tx.beginQuotaPeriods(limit: 100) else { return false }
                return max(events, responses, files, codes, shares.count, sessions.count)
                    < batch
            }
        }
        let closing: Result<Void, any Error>
        do {
            closing = .success(try await closeMonths(lease))
        } catch {
            closing = .failure(error)
        }
        // Of which the database would grow, where a month cannot be closed.
        try await rollUpUsage(lease)
        try closing.get()
    }

    static let housekeepingLease = "housekeeping"
    /// Twice as long as the pause between two rounds, so that it stays with one server.
    static let housekeepingSeconds: Int64 = 120

    /// Nil where there is one server, or another one does it.
    private func housekeeping() async throws -> Lease? {
        guard let server else { return nil }
        return try await change { tx in
            try tx.lease(
                Self.housekeepingLease,
                for: server,
                seconds: Self.housekeepingSeconds
            )
        }
    }
}
