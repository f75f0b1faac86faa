/// From when to when clients take a certificate, in seconds since 1970.
package struct CertificateValidity: Sendable, Equatable {
    package enum State: Equatable, Sendable {
        case good
        case notYetValid
        case expired
        /// Still good, but certificates are renewed before they get this old.
        case expiresSoon
    }

    package let start: Int64
    package let end: Int64

    private static let day: Int64 = 86_400
    /// Longest time before the end at which a certificate counts as one that expires soon.
    private static let longestNotice = 14 * day

    /// - Parameter now: in seconds since 1970.
    package func state(at now: Int64) -> State {
        if now > end { return .expired }
        if now < start { return .notYetValid }
        // A tenth of its life: certificates of a week are renewed days before they end.
        return end - now < min(Self.longestNotice, (end - start) / 10) ? .expiresSoon : .good
    }
}
