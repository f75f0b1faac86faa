import GatewayDomain
import JSON
import OpenAPI
import WireGuardCrypto

extension Codec<PublicKey> {
    /// A request may bring only the form that clients compute: another one of the same point would
    /// never connect, and would let one point be two peers.
    static var publicKey: Codec {
        .string(Schema.key, write: \.base64) { (text) throws(FieldProblem.Reason) in
            guard let key = PublicKey(base64: text) else {
                throw .invalid("must be a WireGuard public key: 44 base64 characters")
            }
            return key
        } judge: { (key) throws(FieldProblem.Reason) in
            guard key.isCanonical, !key.isOfLowOrder else {
                throw .invalid("must be a key that 'wg pubkey' prints; no private key has this one")
            }
            return key
        }
    }
}

extension Codec<SecretKey> {
    static var secretKey: Codec {
        .string(Schema.key, write: \.base64) { (text) throws(FieldProblem.Reason) in
            guard let key = SecretKey(base64: text) else {
                throw .invalid("must be a WireGuard key: 44 base64 characters")
            }
            return key
        }
    }
}

extension Codec<SecretKey> {
    /// A private key in a request. All zeros is how WireGuard writes "none".
    static var privateKey: Codec {
        let key = Codec.secretKey
        return Codec(schema: key.schema, encode: key.encode, decode: key.decode) {
            (key) throws(FieldProblem.Reason) in
            if key.isZero { throw .invalid("must not be all zero; leave it out to have one made") }
            return key
        }
    }
}

extension Codec<KeyRequest> {
    static var presharedKeyRequest: Codec {
        .keyRequest(
            making: "Whether the server makes a preshared key and answers it once.",
            giving: "The preshared key itself, as base64 of 32 bytes."
        ) { (request) throws(FieldProblem.Reason) in
            if case .given(let key) = request, key.isZero {
                throw .invalid("must not be all zero; leave it out for no preshared key")
            }
            return request
        }
    }

    static var sharedKeyRequest: Codec {
        .keyRequest(
            making: "Whether the server makes a new key pair for the peer.",
            giving: "The private key that belongs to the peer's public key."
        )
    }

    /// `true`, `false` or the key itself. `making` describes the first two, `giving` the key.
    private static func keyRequest(
        making: String,
        giving: String,
        judge: @escaping @Sendable (KeyRequest) throws(FieldProblem.Reason) -> KeyRequest = { $0 }
    ) -> Codec {
        Codec(
            schema: { .either($0, [.bool(making), .key(giving)]) },
            encode: { request in
                switch request {
                case .make: .bool(true)
                case .without: .bool(false)
                case .given(let key): .string(key.base64)
                }
            },
            decode: { (value, pointer) throws(FieldProblem) in
                switch value {
                case .bool(true): return .make
                case .bool(false): return .without
                case .string:
                    return .given(try Codec<SecretKey>.secretKey.decode(value, pointer))
                case .null, .integer, .number, .encoded, .array, .object:
                    throw FieldProblem(pointer, .wrongType(expected: "true, false or string"))
                }
            },
            judge: judge
        )
    }
}

extension SecretKey {
    fileprivate var isZero: Bool {
        withBytes { bytes in !bytes.contains { $0 != 0 } }
    }
}
