import APIContract
import CommandLineProgram
import GatewayClient
import HTTPEdge
import WireGuardCrypto

/// The private key of a peer, which a user has in a file.
enum PeerPrivateKey {
    /// A key with blanks and line feeds around it.
    private static let maximumFileBytes = 4_096

    /// - Throws: for a key that is not the peer's, too: with it the device would never connect.
    static func inFile(
        _ path: String,
        of peer: PeerNoun.Answer
    ) throws(CommandFailure) -> SecretKey {
        let bytes: [UInt8]
        do throws(SmallFileError) {
            bytes = try SmallFile.read(path, atMost: maximumFileBytes)
        } catch {
            throw .usage("--private-key: \(path) cannot be read: \(error)")
        }
        let text = String(decoding: bytes, as: UTF8.self).split { $0.isWhitespace }.joined()
        guard let key = SecretKey(base64: text) else {
            throw .usage("--private-key: \(path) must hold a WireGuard key, 44 base64 characters")
        }
        let publicKey = X25519.publicKey(of: key)
        guard publicKey == peer.publicKey else {
            throw .usage(
                "--private-key: the key in \(path) is not the peer's; its public key is \(publicKey.base64), and the peer has \(peer.publicKey.base64)"
            )
        }
        return key
    }
}
