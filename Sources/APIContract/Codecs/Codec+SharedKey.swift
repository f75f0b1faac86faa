import GatewayDomain
import JSON
import OpenAPI
import WireGuardCrypto

extension Codec<SharedKeyRequest> {
    static var sharedKeyRequest: Codec {
        Codec(
            schema: { description in
                .either(
                    description,
                    [
                        .bool("Whether the server makes a new key pair for the peer."),
                        .key("The private key that belongs to the peer's public key."),
                    ]
                )
            },
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
            }
        )
    }
}
