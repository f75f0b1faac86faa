import CommandLineProgram
import Foundation
import GatewayService
import Glibc
import PeerConfig
import WireGuardCrypto

/// A folder with a config for each peer whose key pair is made on this machine. A private key is in its file
/// before the server hears of the public one, so that a command that is stopped at any point loses none, and
/// the next one goes on with it.
struct PeerKeyFolder {
    let path: String

    init(_ path: String) throws(CommandFailure) {
        self.path = path
        guard mkdir(path, 0o700) == 0 || errno == EEXIST else {
            throw CommandFailure("\(path) cannot be made: \(String(cString: strerror(errno)))")
        }
    }

    /// What is not safe in the name of a file, or for wg-quick, becomes a hyphen.
    static func fileName(of peer: String) -> String {
        let letters = peer.unicodeScalars.map { scalar -> Character in
            switch scalar {
            case "a"..."z", "A"..."Z", "0"..."9", "_", "-", ".": Character(scalar)
            default: "-"
            }
        }
        let name = String(letters.drop { $0 == "." }.prefix(100))
        return (name.isEmpty ? "peer" : name) + ".conf"
    }

    private func file(of peer: String) -> PrivateFile {
        PrivateFile("\(path)/\(Self.fileName(of: peer))", holding: "a private key")
    }

    func path(of peer: String) -> String { file(of: peer).path }

    /// The key of the file that is there, or a new one, which is in the file then.
    func key(of peer: String) throws(CommandFailure) -> SecretKey {
        if let text = try text(of: peer) {
            guard let key = Self.key(in: text) else {
                throw CommandFailure("\(path(of: peer)) has no PrivateKey; move it away")
            }
            return key
        }
        let key = KeyPair.random().privateKey
        try file(of: peer).write("[Interface]\nPrivateKey = \(key.base64)\n")
        return key
    }

    /// Whether the file has this peer's key and nothing else, as one that a stopped command left behind.
    func isUnfinished(_ peer: String, publicKey: String) throws(CommandFailure) -> Bool {
        guard let text = try text(of: peer), !text.contains("[Peer]"), let key = Self.key(in: text)
        else { return false }
        return X25519.publicKey(of: key).base64 == publicKey
    }

    /// - Parameter config: the server's, with a placeholder for the private key.
    func finish(_ peer: String, config: String) throws(CommandFailure) {
        let key = try key(of: peer)
        try file(of: peer).write(Placeholder.fill(config, with: key))
    }

    private func text(of peer: String) throws(CommandFailure) -> String? {
        try file(of: peer).read(atMost: 1 << 20).map { String(decoding: $0, as: UTF8.self) }
    }

    private static func key(in text: String) -> SecretKey? {
        ConfigLine.value(of: "PrivateKey", in: text).flatMap(SecretKey.init(base64:))
    }
}
