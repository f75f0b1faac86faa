import Crypto
import FoundationEssentials
import SystemIO
import WireGuardCrypto

/// A file that only this node can read: sealed with a key that is derived from the node's own.
struct SealedFile: Sendable {
    enum Purpose: String {
        case snapshot = "wgw node snapshot 1"
        case reports = "wgw node reports 1"
    }

    private let file: ReplacedFile
    private let key: SymmetricKey
    private let context: Data

    init(_ file: ReplacedFile, for purpose: Purpose, with privateKey: SecretKey) {
        self.file = file
        context = Data(purpose.rawValue.utf8)
        key = privateKey.withBytes {
            HKDF<SHA256>.deriveKey(
                inputKeyMaterial: SymmetricKey(data: $0),
                info: Data(purpose.rawValue.utf8),
                outputByteCount: 32
            )
        }
    }

    /// Nil where there is none, or none that this node has sealed.
    func read(atMost limit: Int) throws -> [UInt8]? {
        guard let bytes = try file.read(atMost: limit),
            let box = try? ChaChaPoly.SealedBox(combined: bytes),
            let opened = try? ChaChaPoly.open(box, using: key, authenticating: context)
        else { return nil }
        return [UInt8](opened)
    }

    func write(_ bytes: [UInt8], isDurable: Bool) throws {
        let box = try ChaChaPoly.seal(bytes, using: key, authenticating: context)
        try file.write([UInt8](box.combined), isDurable: isDurable)
    }
}
