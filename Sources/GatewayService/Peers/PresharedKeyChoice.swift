import GatewayDomain
import WireGuardCrypto

/// What a request says about the preshared key.
enum PresharedKeyChoice: Sendable {
    case untouched
    case removed
    case set(SecretKey)

    init(_ field: Field<PresharedKeyRequest>, _ reader: inout FieldReader) {
        switch field {
        case .absent:
            self = .untouched
        case .null, .value(.without):
            self = .removed
        case .wrongType:
            _ = reader.optional(field, "/preshared_key")
            self = .untouched
        case .value(.make):
            self = .set(SecretKey(filledBy: fillRandomly))
        case .value(.given(let text)):
            self = reader.presharedKey(text).map(PresharedKeyChoice.set) ?? .untouched
        }
    }

    /// To be shown to the caller once.
    var key: SecretKey? {
        guard case .set(let key) = self else { return nil }
        return key
    }
}
