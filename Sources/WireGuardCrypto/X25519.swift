import Crypto
import FoundationEssentials

/// Diffie-Hellman on Curve25519 (RFC 7748).
public enum X25519 {
    /// Section 5: clears the cofactor bits and fixes the highest one.
    public static func clamp(_ scalar: UnsafeMutableRawBufferPointer) {
        precondition(scalar.count == 32)
        scalar[0] &= 248
        scalar[31] &= 127
        scalar[31] |= 64
    }

    /// `random` fills 32 bytes from a cryptographic source.
    public static func generatePrivateKey(
        filledBy random: (UnsafeMutableRawBufferPointer) -> Void
    ) -> SecretKey {
        SecretKey {
            random($0)
            clamp($0)
        }
    }

    public static func publicKey(of own: SecretKey) -> PublicKey {
        privateKey(own).publicKey.rawRepresentation.withUnsafeBytes { PublicKey($0) }
    }

    /// Nil when the result is all zero, as it is for every point of low order: such a secret would
    /// be known to everybody (section 6.1).
    public static func sharedSecret(_ own: SecretKey, _ their: PublicKey) -> SecretKey? {
        let point = their.withBytes {
            try? Curve25519.KeyAgreement.PublicKey(rawRepresentation: $0)
        }
        guard
            let point,
            let product = try? privateKey(own).sharedSecretFromKeyAgreement(with: point)
        else { return nil }
        let secret = product.withUnsafeBytes { SecretKey($0) }
        let isZero = secret.withBytes { $0.reduce(0, |) == 0 }
        return isZero ? nil : secret
    }

    private static func privateKey(_ own: SecretKey) -> Curve25519.KeyAgreement.PrivateKey {
        own.withBytes { bytes in
            guard let key = try? Curve25519.KeyAgreement.PrivateKey(rawRepresentation: bytes) else {
                preconditionFailure("every 32 bytes are a private key")
            }
            return key
        }
    }
}
