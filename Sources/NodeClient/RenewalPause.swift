/// When a credential may be asked for again. By the server's clock a new one is good for weeks; where the clock of this
/// machine is far ahead of that, each seems to be due at once.
struct RenewalPause {
    private static let afterRenewal = Duration.seconds(24 * 60 * 60)
    private static let afterFailure = Duration.seconds(60)

    private var next: ContinuousClock.Instant?

    /// - Returns: whether to ask. From then on it is not asked again for a while, whatever the answer.
    mutating func begins(at now: ContinuousClock.Instant) -> Bool {
        if let next, now < next { return false }
        next = now + Self.afterFailure
        return true
    }

    mutating func noteRenewal(at now: ContinuousClock.Instant) { next = now + Self.afterRenewal }
}
