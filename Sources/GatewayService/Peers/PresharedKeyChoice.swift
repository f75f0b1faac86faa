import GatewayDomain
import WireGuardCrypto

/// What a request says about the preshared key.
enum PresharedKeyChoice: Sendable {
    case untouched
    case removed
    case set(SecretKey)

    init(_ field: Field<PresharedKeyRequest>, _ reader: inout FieldReader) {
        switch reader.optional(field) {
        case .make: self = .set(SecretKey(filledBy: fillRandomly))
        case .given(let key): self = .set(key)
        case .without: self = .removed
        case nil: self = field.isNull ? .removed : .untouched
        }
    }

    /// To be shown to the caller once.
    var key: SecretKey? {
        guard case .set(let key) = self else { return nil }
        return key
    }
}
