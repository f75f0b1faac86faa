import CBoringSSL

/// Diffie-Hellman on Curve25519 (RFC 7748), by BoringSSL's functions themselves: swift-crypto's
/// own interface computes the public key anew for every operation, a third of its cost.
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
        var product = PublicKey.zero
        withUnsafeMutableBytes(of: &product) { product in
            own.withBytes { scalar in
                wgw_x25519_public(
                    product.bindMemory(to: UInt8.self).baseAddress,
                    scalar.bindMemory(to: UInt8.self).baseAddress
                )
            }
        }
        return product
    }

    /// Nil when the result is all zero, as it is for every point of low order: such a secret would
    /// be public (section 6.1).
    public static func sharedSecret(_ own: SecretKey, _ their: PublicKey) -> SecretKey? {
        var isSecret = false
        let secret = SecretKey { product in
            own.withBytes { scalar in
                their.withBytes { point in
                    isSecret =
                        wgw_x25519(
                            product.bindMemory(to: UInt8.self).baseAddress,
                            scalar.bindMemory(to: UInt8.self).baseAddress,
                            point.bindMemory(to: UInt8.self).baseAddress
                        ) == 1
                }
            }
        }
        return isSecret ? secret : nil
    }
}
