import ArgumentParser
import WireGuardCrypto

extension PublicKey {
    /// Reads the value of an option.
    static func argument(_ text: String) throws -> PublicKey {
        guard let key = PublicKey(base64: text) else {
            throw ValidationError("write 44 base64 characters, as wg pubkey prints them")
        }
        return key
    }
}
