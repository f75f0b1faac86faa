import GatewayDomain
import HTTPEdge

extension CertificateValidity {
    /// What is wrong at this moment, as the end of a sentence about the certificate.
    func warning(at now: Timestamp) -> String? {
        switch state(at: now.microseconds / 1_000_000) {
        case .good: nil
        case .expired: "expired at \(Self.text(end)): clients refuse it, renew it"
        case .notYetValid:
            "is not valid before \(Self.text(start)): clients refuse it until then"
        case .expiresSoon: "expires soon, at \(Self.text(end)): renew it and send SIGHUP"
        }
    }

    private static func text(_ seconds: Int64) -> String {
        "\(Timestamp(microseconds: seconds * 1_000_000))"
    }
}
