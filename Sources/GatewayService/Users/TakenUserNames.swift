import GatewayDomain
import GatewayStore
import RateLimiting

/// How often an organization may ask for names that other users have. A name is of one user of the whole
/// server, as a sign-in tells no organization, so that a refused name shows that another organization may have
/// it. Some refusals are enough for a mistake, and too few to find out who is there.
package final class TakenUserNames: Sendable {
    private let refusals: RateLimiter

    init(now: @escaping MonotonicClock) {
        refusals = RateLimiter(RateLimit(every: .seconds(60), burst: 10), now: now)
    }

    /// Gives the schema's refusal of a second user with the same name the name that callers know.
    ///
    /// - Parameter organization: whose caller asks for the name.
    /// - Throws: `tooManyNames` before a name is looked for, where too many were refused.
    func refusing(_ organization: OrganizationID, _ body: () throws -> Void) throws {
        let asker = RateLimiter.Sender.credential(organization.uuid)
        if let wait = refusals.wait(for: asker) {
            throw ServiceError.tooManyNames(waitSeconds: max(wait.roundedUpSeconds, 1))
        }
        do {
            try body()
        } catch StoreError.violated(.userName) {
            _ = refusals.take(for: asker)
            throw ServiceError.duplicateUserName
        }
    }
}
