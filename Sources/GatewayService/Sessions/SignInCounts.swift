import GatewayDomain
import Synchronization

/// How often browsers have signed in or been refused, since the start of the process.
package final class SignInCounts: Sendable {
    package enum Method: String, CaseIterable, Sendable {
        case password
        case apiKey = "api_key"
        case code
        case invitation
    }

    package enum Outcome: String, CaseIterable, Sendable {
        case done
        /// A wrong name, password, key or link.
        case refused
        /// Too many attempts.
        case limited
        case suspended
        /// The store or the program has failed.
        case failed

        init(_ error: any Error) {
            switch error {
            case ServiceError.signInRefused, ServiceError.linkIsSpent, ServiceError.invalid:
                self = .refused
            case ServiceError.tooManySignIns: self = .limited
            case ServiceError.organizationSuspended: self = .suspended
            default: self = .failed
            }
        }
    }

    package struct Count: Sendable {
        package let method: Method
        package let outcome: Outcome
        package let value: UInt64
    }

    private struct Key: Hashable {
        let method: Method
        let outcome: Outcome
    }

    private let counts = Mutex<[Key: UInt64]>([:])

    init() {}

    func count(_ method: Method, _ outcome: Outcome) {
        counts.withLock { $0[Key(method: method, outcome: outcome), default: 0] += 1 }
    }

    /// Every combination, those that never happened among them.
    package var all: [Count] {
        let counts = counts.withLock(\.self)
        return Method.allCases.flatMap { method in
            Outcome.allCases.map { outcome in
                Count(
                    method: method,
                    outcome: outcome,
                    value: counts[Key(method: method, outcome: outcome)] ?? 0
                )
            }
        }
    }
}
