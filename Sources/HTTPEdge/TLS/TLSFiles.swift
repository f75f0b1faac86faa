import NIOCore
import NIOSSL
import Synchronization
import SystemIO

/// The certificate chain and the private key that the API is served with, in two PEM files. They
/// can be read again while connections go on; new ones get what was read last.
package final class TLSFiles: Sendable {
    private struct Identity: Sendable {
        let chain: [NIOSSLCertificateSource]
        let key: NIOSSLPrivateKeySource
        /// DER of the first certificate of the chain.
        let certificate: [UInt8]
        /// In the order of the chain.
        let validities: [CertificateValidity]
    }

    /// Larger than any chain and any key.
    private static let maximumBytes = 1 << 20

    /// What TLS 1.2 has that is still good: forward secrecy and authenticated encryption (RFC 9325,
    /// section 4.2). All suites of TLS 1.3 are.
    private static let cipherSuites: [NIOTLSCipher] = [
        .TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, .TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
        .TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, .TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
        .TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
        .TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
    ]

    package let certificatePath: String
    private let keyPath: String
    private let identity: Mutex<Identity>

    package init(certificatePath: String, keyPath: String) throws(TLSFileError) {
        self.certificatePath = certificatePath
        self.keyPath = keyPath
        identity = Mutex(try Self.read(certificatePath, keyPath))
    }

    /// Of the certificates in use, in the order of the chain.
    package var validities: [CertificateValidity] { identity.withLock { $0.validities } }

    /// The server's own certificate, as DER.
    package var certificate: [UInt8] { identity.withLock { $0.certificate } }

    /// Throws, and changes nothing, where the files cannot be used. Waits for the file system.
    package func reload() throws(TLSFileError) {
        let next = try Self.read(certificatePath, keyPath)
        identity.withLock { $0 = next }
    }

    /// TLS 1.2 and later. Every handshake asks for the identity anew.
    var configuration: TLSConfiguration {
        let current = identity.withLock { $0 }
        var configuration = Self.configuration(current)
        configuration.sslContextCallback = { [self] _, promise in
            let newest = identity.withLock { $0 }
            var override = NIOSSLContextConfigurationOverride()
            override.certificateChain = newest.chain
            override.privateKey = newest.key
            promise.succeed(override)
        }
        return configuration
    }

    private static func read(
        _ certificatePath: String,
        _ keyPath: String
    ) throws(TLSFileError) -> Identity {
        let certificateText = try contents(of: certificatePath)
        let chain: [NIOSSLCertificate]
        do {
            chain = try NIOSSLCertificate.fromPEMBytes(certificateText)
        } catch {
            throw TLSFileError(path: certificatePath, reason: "is not a PEM file of certificates")
        }
        guard let certificate = try? chain.first?.toDERBytes() else {
            throw TLSFileError(path: certificatePath, reason: "has no certificate")
        }
        var keyText = try contents(of: keyPath)
        defer { keyText.wipe() }
        let key: NIOSSLPrivateKey
        do {
            key = try NIOSSLPrivateKey(bytes: keyText, format: .pem)
        } catch {
            throw TLSFileError(
                path: keyPath,
                reason: "is not a PEM file of a private key without passphrase"
            )
        }
        let identity = Identity(
            chain: chain.map { .certificate($0) },
            key: .privateKey(key),
            certificate: certificate,
            validities: chain.map {
                CertificateValidity(start: Int64($0.notValidBefore), end: Int64($0.notValidAfter))
            }
        )
        do {
            _ = try NIOSSLContext(configuration: configuration(identity))
        } catch {
            throw TLSFileError(path: keyPath, reason: "is not the key of \(certificatePath)")
        }
        return identity
    }

    private static func contents(of path: String) throws(TLSFileError) -> [UInt8] {
        do throws(SmallFileError) {
            return try SmallFile.read(path, atMost: maximumBytes)
        } catch {
            throw TLSFileError(path: path, reason: "cannot be read: \(error)")
        }
    }

    private static func configuration(_ identity: Identity) -> TLSConfiguration {
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: identity.chain,
            privateKey: identity.key
        )
        configuration.minimumTLSVersion = .tlsv12
        configuration.cipherSuiteValues = cipherSuites
        configuration.applicationProtocols = ["http/1.1"]
        // For a client to end TLS on its side, too: as long as it may linger.
        configuration.shutdownTimeout = ConnectionLimits().linger
        return configuration
    }
}

/// Why a certificate or a key cannot be used. It never holds any part of the key.
package struct TLSFileError: Error, Equatable, CustomStringConvertible {
    let path: String
    let reason: String

    package var description: String { "\(path) \(reason)" }
}
