import GatewayDomain
import WireGuardCrypto

/// What a request says about the preshared key.
enum PresharedKeyChoice: Sendable {
    case untouched
    case removed
    case set(SecretKey)

    init(_ field: Field<KeyRequest>, _ reader: inout FieldReader) {
        switch reader.optional(field) {
        case .make: self = .set(SecretKey(filledBy: fillRandomly))
        case .given(let key): self = .set(key)
        case .without: self = .removed
        case nil: self = field.isNull ? .removed : .untouched
        }
    }

    /// Whether the peer's config file names another key than before, or none where it named one.
    func changes(_ peer: Peer) -> Bool {
        switch self {
        case .untouched: false
        case .removed: peer.hasPresharedKey
        case .set: true
        }
    }

    /// To be shown to the caller once.
    var key: SecretKey? {
        guard case .set(let key) = self else { return nil }
        return key
    }
}
