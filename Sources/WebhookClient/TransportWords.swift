import AsyncHTTPClient
import NIOCore
import NIOPosix
import NIOSSL

/// Errors of the libraries below, in words.
enum TransportWords {
    static func of(_ error: any Error) -> String {
        switch error {
        case is CancellationError: "the server stops"
        case let error as NIOConnectionError: connecting(error)
        case let error as IOError: word(error.errnoCode) ?? "the connection was lost"
        case let error as NIOSSLError: tls(error)
        case is NIOSSLExtraError: "the certificate is for another name"
        case let error as HTTPClientError: http(error)
        default: "the connection was lost"
        }
    }

    /// Whether nothing was sent, so that another address may be tried.
    static func isOfConnecting(_ error: any Error) -> Bool {
        switch error {
        case is NIOConnectionError: true
        case let error as IOError: word(error.errnoCode) != nil
        case let error as HTTPClientError: error == .connectTimeout
        default: false
        }
    }

    private static func connecting(_ error: NIOConnectionError) -> String {
        let first = error.connectionErrors.first?.error as? IOError
        return first.flatMap { word($0.errnoCode) } ?? "nothing answers there"
    }

    private static func http(_ error: HTTPClientError) -> String {
        if error == .connectTimeout { return "nothing answers there" }
        if error == .tlsHandshakeTimeout { return "no TLS is spoken there" }
        if error == .deadlineExceeded || error == .readTimeout { return "no answer in time" }
        if error == .remoteConnectionClosed { return "the connection was closed without an answer" }
        return error.shortDescription
    }

    private static func tls(_ error: NIOSSLError) -> String {
        guard case .handshakeFailed(let reason) = error else { return "TLS has failed" }
        let text = "\(reason)"
        if text.contains("CERTIFICATE_VERIFY_FAILED") {
            return "no authority that this system knows has signed the certificate"
        }
        if text.contains("WRONG_VERSION_NUMBER") || text.contains("HTTP_REQUEST") {
            return "no TLS is spoken there"
        }
        return "the TLS handshake failed"
    }

    /// Values of `errno` on Linux with which connecting fails.
    private static func word(_ number: CInt) -> String? {
        switch number {
        case 101, 113: "the network has no route to it"
        case 110: "nothing answers there"
        case 111: "nothing listens there"
        default: nil
        }
    }
}
