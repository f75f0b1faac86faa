import SystemIO
import WireGuardCrypto
import WireGuardEngine

/// What X25519 costs on this processor: the floor of a handshake is four of it.
enum CurveCost {
    private static let rounds = 20
    private static let operationsPerRound = 100

    /// Nanoseconds of one operation, in the round that was disturbed least.
    static func measure() -> Double {
        let own = X25519.generatePrivateKey(filledBy: SystemRandom.fill)
        let their = X25519.publicKey(of: X25519.generatePrivateKey(filledBy: SystemRandom.fill))
        var best = Double.infinity
        for _ in 0..<rounds {
            let start = BootClock.nanoseconds
            for _ in 0..<operationsPerRound { _ = X25519.sharedSecret(own, their) }
            let spent = BootClock.nanoseconds - start
            best = min(best, Double(spent) / Double(operationsPerRound))
        }
        return best
    }
}
