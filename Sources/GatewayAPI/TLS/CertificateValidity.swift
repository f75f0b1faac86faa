import GatewayDomain

/// From when to when clients take a certificate, in seconds since 1970.
struct CertificateValidity: Sendable, Equatable {
    let start: Int64
    let end: Int64

    private static let day: Int64 = 86_400
    /// Whoever renews certificates has done so before.
    private static let longestNotice = 14 * day

    /// What is wrong at this moment, as the end of a sentence.
    func warning(at now: Timestamp) -> String? {
        let seconds = now.microseconds / 1_000_000
        if seconds > end { return "expired at \(Self.text(end)): clients refuse it, renew it" }
        if seconds < start {
            return "is not valid before \(Self.text(start)): clients refuse it until then"
        }
        // A tenth of its life: certificates of a week are renewed days before they end.
        guard end - seconds < min(Self.longestNotice, (end - start) / 10) else { return nil }
        return "expires soon, at \(Self.text(end)): renew it and send SIGHUP"
    }

    private static func text(_ seconds: Int64) -> String {
        "\(Timestamp(microseconds: seconds * 1_000_000))"
    }
}
