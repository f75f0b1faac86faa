import GatewayDomain
import Synchronization

/// How often a sign-in may be tried, from one address and for one user. The edge's limit counts requests of
/// those who have proved who they are; this one guards the proof itself, whichever page or route it comes by.
///
/// A right password within the limit signs in. A stranger who uses up the attempts for a user keeps only
/// addresses out from which that user has no session: an address that it knows has attempts of its own.
final class SignInAttempts: Sendable {
    /// A bucket fills by one attempt in this time.
    private struct Limit {
        let burst: Double
        let secondsPerAttempt: Double
    }

    private enum Subject: Hashable {
        case source(String)
        /// By the name as it was typed, whether there is such a user or not.
        case name(String)
        case familiar(name: String, source: String)
        case wrongSecret(source: String)

        var limit: Limit {
            switch self {
            case .source: Limit(burst: 30, secondsPerAttempt: 1)
            case .name, .familiar: Limit(burst: 10, secondsPerAttempt: 10)
            case .wrongSecret: Limit(burst: 20, secondsPerAttempt: 1)
            }
        }
    }

    private struct Bucket {
        var attempts: Double
        var filledAt: Timestamp
    }

    /// More subjects than this are not kept: those with full buckets are forgotten first.
    private static let capacity = 10_000

    private let buckets = Mutex<[Subject: Bucket]>([:])

    /// Takes an attempt to sign in by password.
    ///
    /// - Parameter isFamiliar: whether the user has a session that began at this address.
    /// - Throws: `tooManySignIns`.
    func take(
        for name: String,
        from source: String,
        isFamiliar: Bool,
        at now: Timestamp
    ) throws(ServiceError) {
        let subjects: [Subject] =
            isFamiliar
            ? [.familiar(name: name, source: source)] : [.source(source), .name(name)]
        for subject in subjects { try take(subject, at: now) }
    }

    /// Takes an attempt of an address that has shown a wrong API key, code or link. A right one is never
    /// refused: guessing is made hopeless by its length.
    func takeForWrongSecret(from source: String, at now: Timestamp) throws(ServiceError) {
        try take(.wrongSecret(source: source), at: now)
    }

    private func take(_ subject: Subject, at now: Timestamp) throws(ServiceError) {
        let limit = subject.limit
        let missing = buckets.withLock { buckets -> Double in
            if buckets.count >= Self.capacity, buckets[subject] == nil { prune(&buckets, at: now) }
            var bucket = buckets[subject] ?? Bucket(attempts: limit.burst, filledAt: now)
            Self.fill(&bucket, limit, at: now)
            let missing = max(1 - bucket.attempts, 0)
            if missing == 0 { bucket.attempts -= 1 }
            buckets[subject] = bucket
            return missing
        }
        guard missing == 0 else {
            let wait = (missing * limit.secondsPerAttempt).rounded(.up)
            throw .tooManySignIns(waitSeconds: max(Int64(wait), 1))
        }
    }

    /// A clock that was set back fills nothing.
    private static func fill(_ bucket: inout Bucket, _ limit: Limit, at now: Timestamp) {
        let passed = max(Double(now.microseconds - bucket.filledAt.microseconds) / 1_000_000, 0)
        bucket.attempts = min(bucket.attempts + passed / limit.secondsPerAttempt, limit.burst)
        bucket.filledAt = now
    }

    private func prune(_ buckets: inout [Subject: Bucket], at now: Timestamp) {
        buckets = buckets.filter { subject, bucket in
            var bucket = bucket
            Self.fill(&bucket, subject.limit, at: now)
            return bucket.attempts < subject.limit.burst
        }
        if buckets.count >= Self.capacity { buckets.removeAll() }
    }
}
