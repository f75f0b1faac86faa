package import WireGuardCrypto

/// What stands in a config for a key that its writer does not know. No client takes it for a key.
package enum Placeholder {
    package static let privateKey = "<! INSERT PEER PRIVATE KEY HERE !>"
    package static let presharedKey = "<! INSERT PEER PRESHARED KEY HERE !>"

    /// The config, in any format, with the private key that the device's owner has. Base64 needs no
    /// quoting in any of the formats.
    package static func fill(_ config: String, with privateKey: SecretKey) -> String {
        config.replacing(Self.privateKey, with: privateKey.base64)
    }
}
