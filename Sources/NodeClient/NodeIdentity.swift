import Crypto
import FoundationEssentials
package import GatewayClient
package import GatewayDomain
import JSON
package import NodeProtocol
import SystemIO
package import WireGuardCrypto

/// Which node this is, and how it shows that to its server.
package struct NodeIdentity: Sendable {
    package let nodeID: NodeID
    package let server: ServerURL
    /// The server's certificate; nil where the server is on this machine and speaks no TLS.
    package private(set) var fingerprint: CertificateFingerprint?
    /// The one that the server has announced, over a connection with the one that is known.
    package private(set) var nextFingerprint: CertificateFingerprint?
    package let privateKey: SecretKey
    /// SHA-256 of the join token that was used, in hexadecimal digits.
    let tokenHash: String?
    package var credential: IssuedCredential

    package init(
        nodeID: NodeID,
        server: ServerURL,
        fingerprint: CertificateFingerprint?,
        privateKey: SecretKey,
        tokenHash: String? = nil,
        credential: IssuedCredential
    ) {
        self.nodeID = nodeID
        self.server = server
        self.fingerprint = fingerprint
        nextFingerprint = nil
        self.privateKey = privateKey
        self.tokenHash = tokenHash
        self.credential = credential
    }
}

extension NodeIdentity {
    package func trusts(_ found: CertificateFingerprint) -> Bool {
        found == fingerprint || found == nextFingerprint
    }

    /// Takes over what the server says, over a connection that is trusted, of the certificate that it shows from now
    /// on. The one before stays trusted until the new one is in use: the server may end before anyone has seen it.
    ///
    /// - Returns: whether anything has changed.
    package mutating func follow(_ announced: CertificateFingerprint) -> Bool {
        let before = (fingerprint, nextFingerprint)
        // An authority stands for any other.
        guard fingerprint != nil else { return false }
        if announced == nextFingerprint { fingerprint = announced }
        nextFingerprint = announced == fingerprint ? nil : announced
        return before != (fingerprint, nextFingerprint)
    }

    /// Whether it came of this very token, which a unit of a service manager may keep.
    package func hasJoined(with token: JoinToken) -> Bool { tokenHash == Self.hash(of: token) }

    static func hash(of token: JoinToken) -> String {
        SHA256.hash(data: Data(token.description.utf8)).map { byte in
            String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)
        }.joined()
    }
}

// In its file, and the key in one of its own.
extension NodeIdentity {
    private static let longestFile = 16 << 10

    /// Nil where the directory has none yet.
    package init?(in directory: NodeDirectory) throws {
        let file = directory.identity
        guard let bytes = try file.read(atMost: Self.longestFile) else { return nil }
        guard let line = try directory.key.read(), let key = SecretKey(base64: line),
            let identity = try? Self.read(bytes, key)
        else { throw NodeDirectoryError.damaged(file: file.path) }
        self = identity
    }

    private static func read(_ bytes: [UInt8], _ key: SecretKey) throws(WireError) -> NodeIdentity {
        let object = try WireObject(bytes)
        guard let server = ServerURL(try object.text("server")) else { throw .member("server") }
        let fingerprint = try object.optionalText("fingerprint")
        var identity = NodeIdentity(
            nodeID: try object.value("node"),
            server: server,
            fingerprint: fingerprint.flatMap { CertificateFingerprint($0) },
            privateKey: key,
            tokenHash: try object.optionalText("joined_with"),
            credential: try IssuedCredential(try object.object("credential"))
        )
        let next = try object.optionalText("next_fingerprint")
        identity.nextFingerprint = next.flatMap { CertificateFingerprint($0) }
        return identity
    }

    /// On disk when this returns: the server has already forgotten what was valid before.
    package func save(in directory: NodeDirectory) throws {
        var writer = WireWriter()
        writer.add("node", text: nodeID)
        writer.add("server", text: server)
        writer.add("fingerprint", text: fingerprint)
        writer.add("next_fingerprint", text: nextFingerprint)
        writer.add("joined_with", text: tokenHash)
        writer.add("credential", credential.written)
        try directory.identity.write(writer.json.line, isDurable: true)
    }
}
