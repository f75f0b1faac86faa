import FoundationEssentials
import GatewayDomain
import JSON
import OpenAPI

extension Codec<[UInt8]> {
    /// RFC 4648, section 4, with padding.
    static var base64: Codec {
        .string(
            { .string($0, format: "byte") },
            write: { Data($0).base64EncodedString() }
        ) { (text) throws(FieldProblem.Reason) in
            guard let bytes = Data(base64Encoded: text) else { throw .invalid("must be base64") }
            return Array(bytes)
        }
    }
}
