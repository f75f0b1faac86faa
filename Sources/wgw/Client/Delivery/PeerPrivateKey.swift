import APIContract
import CommandLineProgram
import WireGuardCrypto

/// The private key of a peer, which a user has in a file.
enum PeerPrivateKey {
    /// - Throws: for a key that is not the peer's, too: with it the device would never connect.
    static func inFile(
        _ path: String,
        of peer: PeerNoun.Answer
    ) throws(CommandFailure) -> SecretKey {
        let key = try SecretKey.inFile(path, named: "--private-key")
        let publicKey = X25519.publicKey(of: key)
        guard publicKey == peer.publicKey else {
            throw .usage(
                "--private-key: the key in \(path) is not the peer's; its public key is \(publicKey.base64), and the peer has \(peer.publicKey.base64)"
            )
        }
        return key
    }
}
