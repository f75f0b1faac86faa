import HTTPEdge
import HTTPTypes

/// Header fields that only this API has.
extension HTTPField.Name {
    /// The organization that an admin acts for.
    static let organization = known("x-wgw-organization")
    static let idempotencyKey = known("idempotency-key")
    /// On an answer that was given before: nothing was done this time.
    static let idempotentReplayed = known("idempotent-replayed")
}
