import NIOCore
import NIOSSL

/// Holds a connection to certificates that are known. It is asked after the TLS handshake and before the first byte of a
/// request, so that a server with another certificate never sees the API key.
struct CertificatePin: Sendable {
    let trusts: @Sendable (CertificateFingerprint) -> Bool

    func check(_ channel: any Channel) -> EventLoopFuture<Void> {
        channel.nioSSL_peerCertificate().flatMapThrowing { certificate in
            guard let certificate else { throw OtherCertificate(fingerprint: nil) }
            let found = CertificateFingerprint(ofDER: try certificate.toDERBytes())
            guard trusts(found) else {
                throw OtherCertificate(fingerprint: found)
            }
        }.flatMapErrorThrowing { error in
            channel.close(promise: nil)
            throw error
        }
    }
}

/// The server has another certificate than the one that it was known by.
struct OtherCertificate: Error {
    let fingerprint: CertificateFingerprint?
}
