package import GatewayClient
package import GatewayDomain
import NetAddress
import NodeProtocol
import SystemIO
import WireGuardCrypto

extension NodeIdentity {
    /// Makes this machine the node that a join token is for.
    ///
    /// The key is on disk before the token is used, so that a node that is killed in the middle is not left with a
    /// key that the server knows and it does not. The token is used up then, and another one is needed.
    ///
    /// A machine that is the node already joins anew, with the key that it has: its credential has ended, or the
    /// server has another address or certificate.
    ///
    /// - Parameter regionCode: where the machine is; nil to take a token of any region.
    package static func join(
        with token: JoinToken,
        regionCode: String?,
        in directory: NodeDirectory,
        version: String,
        now: Timestamp
    ) async throws -> NodeIdentity {
        guard let server = ServerURL(token.serverURL) else { throw JoinError.noServer }
        let fingerprint = token.fingerprint.flatMap { CertificateFingerprint($0) }
        guard server.isHTTPS || server.isLoopback else { throw JoinError.clearText(server) }
        let key = try directory.makeKey()
        let request = JoinRequest(
            nodeID: token.nodeID,
            secret: token.secret,
            publicKey: X25519.publicKey(of: key),
            regionCode: regionCode,
            version: version,
            time: now
        )
        let access = ServerAccess(url: server, fingerprint: fingerprint, apiKey: nil)
        let answer = try await GatewayClient.with(
            access,
            userAgent: "wgw-node/\(version)",
            timeLimit: NodeServer.timeLimit,
            connectLimit: NodeServer.connectLimit
        ) { client in
            try await NodeServer(client).join(request)
        }
        let identity = NodeIdentity(
            nodeID: token.nodeID,
            server: server,
            fingerprint: fingerprint,
            privateKey: key,
            tokenHash: hash(of: token),
            credential: answer.credential
        )
        try identity.save(in: directory)
        return identity
    }
}

package enum JoinError: Error, Equatable, Sendable {
    case malformedToken
    case noServer
    case clearText(ServerURL)
}

extension JoinError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .malformedToken:
            """
            the join token is not one that wgw node create prints; paste all of it, from wgw-join-1 on, \
            as one word
            """
        case .noServer:
            "the join token names no server; make another one with wgw node create"
        case .clearText(let server):
            """
            the join token leads to \(server), where no TLS is spoken: what a node is told holds keys. \
            Let the server speak TLS, and make another token
            """
        }
    }
}

extension NodeDirectory {
    /// The one that is there from a first try that failed, or a new one.
    fileprivate func makeKey() throws -> SecretKey {
        if let line = try key.read() {
            guard let secret = SecretKey(base64: line) else {
                throw NodeDirectoryError.damaged(file: key.path)
            }
            return secret
        }
        let secret = SecretKey(filledBy: SystemRandom.fill)
        try key.create(secret.base64)
        return secret
    }
}

extension ServerURL {
    /// Whether it leads to this machine itself, without a look-up of names.
    fileprivate var isLoopback: Bool {
        let bare = host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host
        return bare == "localhost" || IPAddress(bare)?.isLoopback == true
    }
}
