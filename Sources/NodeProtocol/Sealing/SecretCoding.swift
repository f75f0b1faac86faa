package import WireGuardCrypto

/// What a secret of a provision belongs to. It is authenticated with the secret, so that what was sealed for
/// one object is of no use for another.
package struct SecretPlace: Sendable {
    package enum Kind: String, Sendable {
        case gatewayKey = "gateway key"
        case presharedKey = "preshared key"
        case linkKey = "link key"
    }

    let text: String

    package init(_ kind: Kind, of id: some CustomStringConvertible) {
        text = "\(kind.rawValue) \(id)"
    }
}

/// How secrets stand in the lines that one writer writes.
package protocol SecretSealing {
    mutating func seal(_ secret: SecretKey, for place: SecretPlace) throws(WireError) -> String
}

/// How a reader gets them back.
package protocol SecretOpening {
    mutating func open(_ text: String, for place: SecretPlace) throws(WireError) -> SecretKey
}

/// In plain text, for lines that are sealed as a whole.
package struct PlainSecrets: SecretSealing, SecretOpening {
    package init() {}

    package func seal(_ secret: SecretKey, for place: SecretPlace) -> String { secret.base64 }

    package func open(_ text: String, for place: SecretPlace) throws(WireError) -> SecretKey {
        guard let secret = SecretKey(base64: text) else { throw .notOpened }
        return secret
    }
}
