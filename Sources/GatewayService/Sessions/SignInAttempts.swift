import GatewayDomain
import RateLimiting

/// How often a sign-in may be tried, from one address and for one user. The edge's limit counts requests of
/// those who have proved who they are; this one guards the proof itself, whichever page or route it comes by.
///
/// A right password within the limit signs in. A stranger who uses up the attempts for a user keeps only
/// addresses out from which that user has no session: one that it knows, or an IPv6 address of the same /64, has
/// attempts of its own.
final class SignInAttempts: Sendable {
    private static let ofOneUser = RateLimit(every: .seconds(10), burst: 10)

    private let ofSources: RateLimiter
    private let ofNames: RateLimiter
    private let ofFamiliar: RateLimiter
    private let wrongSecrets: RateLimiter

    init(now: @escaping MonotonicClock) {
        ofSources = RateLimiter(RateLimit(perSecond: 1, burst: 30), now: now)
        ofNames = RateLimiter(Self.ofOneUser, now: now)
        ofFamiliar = RateLimiter(Self.ofOneUser, now: now)
        wrongSecrets = RateLimiter(RateLimit(perSecond: 1, burst: 20), now: now)
    }

    /// Takes an attempt to sign in by password, or to choose one.
    ///
    /// - Parameter isFamiliar: whether the user has a session that began at this address, or has shown more than
    ///   its name.
    /// - Throws: `tooManySignIns`.
    func take(
        for name: String,
        from source: String,
        isFamiliar: Bool
    ) throws(ServiceError) {
        let source = SourceNetwork(of: source)
        if isFamiliar {
            try Self.take(.familiar(name: name, source: source), ofFamiliar)
        } else {
            try Self.take(.source(source), ofSources)
            try Self.take(.name(name), ofNames)
        }
    }

    /// Takes an attempt of an address that has shown a wrong API key, code, link or cookie. A right one is never
    /// refused: guessing is made hopeless by its length.
    func takeForWrongSecret(from source: String) throws(ServiceError) {
        try Self.take(.source(SourceNetwork(of: source)), wrongSecrets)
    }

    private static func take(
        _ sender: RateLimiter.Sender,
        _ limiter: RateLimiter
    ) throws(ServiceError) {
        guard let wait = limiter.take(for: sender).wait else { return }
        throw .tooManySignIns(waitSeconds: max(wait.roundedUpSeconds, 1))
    }
}
