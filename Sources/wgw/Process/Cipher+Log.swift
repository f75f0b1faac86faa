import Logging
import WireGuardCrypto

extension Cipher {
    /// Chooses the cipher of this process, before a worker makes a session, and says which one it is.
    static func choose(logger: Logger) {
        logger.info("packets are sealed", metadata: ["cipher": "\(choose())"])
    }
}
