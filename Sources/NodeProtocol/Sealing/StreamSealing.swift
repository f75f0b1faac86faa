import Crypto
import FoundationEssentials
package import GatewayDomain
package import WireGuardCrypto

/// Seals the secrets of one stream to the node that reads it: HPKE (RFC 9180) in base mode. The key is
/// encapsulated once, in the greeting, and each secret takes 48 bytes behind that, in the order of the lines.
package struct StreamSealer: SecretSealing {
    private var sender: HPKE.Sender

    /// - Parameter key: the node's own.
    package init(to key: PublicKey, of node: NodeID) throws(WireError) {
        do {
            sender = try HPKE.Sender(
                recipientKey: key.withBytes {
                    try Curve25519.KeyAgreement.PublicKey(rawRepresentation: $0)
                },
                ciphersuite: .nodeStream,
                info: HPKE.info(of: node)
            )
        } catch {
            throw .notOpened
        }
    }

    package var encapsulatedKey: String { sender.encapsulatedKey.base64EncodedString() }

    package mutating func seal(_ secret: SecretKey, for place: SecretPlace) throws(WireError)
        -> String
    {
        do {
            let sealed = try secret.withBytes {
                try sender.seal($0, authenticating: Data(place.text.utf8))
            }
            return sealed.base64EncodedString()
        } catch {
            throw .notOpened
        }
    }
}

/// Opens them again, in the same order.
package struct StreamOpener: SecretOpening {
    private var recipient: HPKE.Recipient

    /// - Parameter key: the node's own private one.
    package init(
        with key: SecretKey,
        of node: NodeID,
        encapsulatedKey: String
    ) throws(WireError) {
        guard let encapsulated = Data(base64Encoded: encapsulatedKey) else { throw .notOpened }
        do {
            recipient = try HPKE.Recipient(
                privateKey: key.withBytes {
                    try Curve25519.KeyAgreement.PrivateKey(rawRepresentation: $0)
                },
                ciphersuite: .nodeStream,
                info: HPKE.info(of: node),
                encapsulatedKey: encapsulated
            )
        } catch {
            throw .notOpened
        }
    }

    package mutating func open(_ text: String, for place: SecretPlace) throws(WireError)
        -> SecretKey
    {
        guard let sealed = Data(base64Encoded: text),
            var bytes = try? recipient.open(sealed, authenticating: Data(place.text.utf8)),
            bytes.count == SecretKey.length
        else { throw .notOpened }
        defer { bytes.resetBytes(in: 0..<bytes.count) }
        return bytes.withUnsafeBytes { SecretKey($0) }
    }
}

extension HPKE.Ciphersuite {
    fileprivate static let nodeStream = HPKE.Ciphersuite.Curve25519_SHA256_ChachaPoly
}

extension HPKE {
    fileprivate static func info(of node: NodeID) -> Data { Data("wgw node feed \(node)".utf8) }
}
