package import NetAddress
import SystemIO

/// Asks the system's resolver, which may take long, on a thread of its own.
package enum TargetLookUp {
    package static func addresses(
        of name: String
    ) async throws(WebhookSender.LookUpFailure) -> [IPAddress] {
        do {
            let found = try await WorkerThread.value(named: "wgw-webhook") {
                try NameLookup.endpoints(of: name)
            }
            // With a zone it is link-local, and not permitted.
            return found.map(\.address)
        } catch let error as NameLookupError {
            throw WebhookSender.LookUpFailure(reason: error.reason)
        } catch {
            throw WebhookSender.LookUpFailure(reason: "\(error)")
        }
    }
}
