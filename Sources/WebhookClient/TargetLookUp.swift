package import NetAddress
import Synchronization
import SystemIO

/// Asks the system's resolver, which may take long, on a thread of its own.
package enum TargetLookUp {
    /// More than attempts at a time, as a thread goes on once its attempt has ended.
    private static let mostThreads = 128
    private static let threads = Mutex(0)

    package static func addresses(
        of name: String
    ) async throws(WebhookSender.LookUpFailure) -> [IPAddress] {
        let mayBegin = threads.withLock { threads in
            guard threads < mostThreads else { return false }
            threads += 1
            return true
        }
        guard mayBegin else {
            throw WebhookSender.LookUpFailure(reason: "too many names are being looked up")
        }
        do {
            let found = try await WorkerThread.value(named: "wgw-webhook") {
                defer { threads.withLock { $0 -= 1 } }
                return try NameLookup.endpoints(of: name)
            }
            // With a zone it is link-local, and not permitted.
            return found.map(\.address)
        } catch let error as NameLookupError {
            throw WebhookSender.LookUpFailure(reason: error.reason, isAnswer: error.isAnswer)
        } catch {
            throw WebhookSender.LookUpFailure(reason: "\(error)")
        }
    }
}
