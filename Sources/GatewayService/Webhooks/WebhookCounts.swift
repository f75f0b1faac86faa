import GatewayDomain
import Synchronization

/// How attempts to deliver have ended, and what was not attempted, since the start of the process.
package final class WebhookCounts: Sendable {
    package enum Result: String, CaseIterable, Sendable {
        case delivered
        case failed
        /// Given up, after a day of failures or because too many events wait.
        case dropped
        /// Gone from the journal before it was read for a webhook.
        case skipped
    }

    private let counts = Mutex<[Result: UInt64]>([:])

    init() {}

    func count(_ result: Result, _ number: Int = 1) {
        counts.withLock { $0[result, default: 0] += UInt64(number) }
    }

    package func value(of result: Result) -> UInt64 { counts.withLock { $0[result] ?? 0 } }
}
