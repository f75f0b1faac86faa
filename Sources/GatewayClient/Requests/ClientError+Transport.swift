import AsyncHTTPClient
import NIOCore
import NIOPosix
import NIOSSL

extension ClientError {
    /// What an error of the libraries below means for the request.
    init(_ error: any Error, of call: APICall, to server: ServerAccess, within limit: Duration) {
        let url = server.url
        switch error {
        case let error as ClientError:
            self = error
        case is CancellationError:
            self = .cancelled
        case let error as OtherCertificate:
            self = .untrusted(
                url,
                reason: Self.reason(error, expected: server.fingerprint),
                found: error.fingerprint
            )
        case let error as NIOConnectionError:
            self = .unreachable(url, reason: Self.reason(error))
        case let error as NIOSSLError:
            self = Self.tls(error, url)
        case is NIOSSLExtraError:
            self = .untrusted(
                url,
                reason: """
                    its certificate is for another name; use that name, or pin the certificate with \
                    --fingerprint
                    """
            )
        case let error as IOError where ConnectError.reason(error.errnoCode) != nil:
            // An address in place of a name is tried without the wrapping. A connection that there was is not reset
            // with one of these within the time limit of a request.
            self = .unreachable(url, reason: ConnectError.reason(error.errnoCode) ?? "\(error)")
        case is NIOTooManyBytesError:
            self = .notUnderstood("its answer is too long")
        case let error as HTTPClientError:
            self = Self.http(error, url, within: limit)
        default:
            self = .uncertain(url, reason: "\(error)")
        }
    }

    private static func http(
        _ error: HTTPClientError,
        _ url: ServerURL,
        within limit: Duration
    ) -> ClientError {
        if error == .cancelled { return .cancelled }
        if error == .connectTimeout || error == .getConnectionFromPoolTimeout {
            return .unreachable(url, reason: "nothing answers there")
        }
        if error == .tlsHandshakeTimeout {
            return .unreachable(url, reason: "no TLS is spoken there")
        }
        if error == .deadlineExceeded || error == .readTimeout {
            return .timedOut(url, after: limit)
        }
        return .uncertain(url, reason: error.shortDescription)
    }

    private static func tls(_ error: NIOSSLError, _ url: ServerURL) -> ClientError {
        guard case .handshakeFailed(let reason) = error else {
            return .uncertain(url, reason: "\(error)")
        }
        let text = "\(reason)"
        if text.contains("CERTIFICATE_VERIFY_FAILED") {
            return .untrusted(
                url,
                reason: """
                    no authority that this system knows has signed its certificate; compare its SHA-256 with \
                    the one that the server prints, then give it with --fingerprint
                    """
            )
        }
        if text.contains("WRONG_VERSION_NUMBER") || text.contains("HTTP_REQUEST") {
            return .unreachable(url, reason: "no TLS is spoken there; try http://")
        }
        return .unreachable(url, reason: "the TLS handshake failed")
    }

    private static func reason(
        _ error: OtherCertificate,
        expected: CertificateFingerprint?
    ) -> String {
        guard let found = error.fingerprint, let expected else {
            return "it shows no certificate"
        }
        return """
            its certificate is \(found), and not \(expected); see whether the server has a new one before \
            you take it
            """
    }

    /// Of several addresses of one name, the first that was tried speaks for all.
    private static func reason(_ error: NIOConnectionError) -> String {
        guard let first = error.connectionErrors.first?.error else {
            return "its name has no address; see that it is spelled right"
        }
        guard let first = first as? IOError else { return "nothing answers there" }
        return ConnectError.reason(first.errnoCode) ?? "\(first)"
    }
}

/// Values of `errno` on Linux with which connecting fails.
private enum ConnectError {
    static let networkUnreachable: CInt = 101
    static let timedOut: CInt = 110
    static let refused: CInt = 111
    static let hostUnreachable: CInt = 113

    static func reason(_ number: CInt) -> String? {
        switch number {
        case refused: "nothing listens there"
        case timedOut: "nothing answers there"
        case networkUnreachable, hostUnreachable: "the network has no route to it"
        default: nil
        }
    }
}

extension ClientError {
    /// Whether an error is one of a connection that was lost.
    static func isTransport(_ error: any Error) -> Bool {
        error is HTTPClientError || error is IOError || error is ChannelError
            || error is NIOSSLError
    }
}
