/// When a credential may be asked for. One at a time, however slow the answer is: with the next one the server forgets
/// the one before, which would be saved last where it comes last. By the server's clock a new one is good for weeks;
/// where the clock of this machine is far ahead of that, each seems to be due at once.
struct RenewalPause {
    private static let afterRenewal = Duration.seconds(24 * 60 * 60)
    private static let afterFailure = Duration.seconds(60)

    private var isUnderWay = false
    private var next: ContinuousClock.Instant?

    /// - Returns: whether to ask. From then on it is not asked again before `noteEnd`.
    mutating func begins(at now: ContinuousClock.Instant) -> Bool {
        guard !isUnderWay else { return false }
        if let next, now < next { return false }
        isUnderWay = true
        return true
    }

    mutating func noteEnd(at now: ContinuousClock.Instant, isRenewed: Bool) {
        isUnderWay = false
        next = now + (isRenewed ? Self.afterRenewal : Self.afterFailure)
    }
}
