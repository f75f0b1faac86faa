/// The documented error codes that this server answers with. The title is fixed per code, and
/// clients match on both.
package enum ErrorCode: String, Sendable, CaseIterable {
    case missingParameter = "10004"
    case notFound = "10005"
    case unexpected = "10007"
    case unauthenticated = "10009"
    case duplicate = "10012"
    case badRequest = "10015"
    case unknownAssociation = "10017"
    case invalidJSON = "10023"
    case stringLength = "10025"
    case parameterType = "10026"
    case characterEncoding = "10028"
    case mediaType = "10029"
    case method = "10030"
    case filter = "10031"
    case enumeratedValue = "10032"
    case outOfRange = "10033"
    case unavailable = "10037"
    case limited = "10039"
    case networkInUse = "50000"

    package var title: String {
        switch self {
        case .missingParameter: "Missing required parameter"
        case .notFound: "Resource not found"
        case .unexpected: "Unexpected error"
        case .unauthenticated: "Authentication failed"
        case .duplicate: "Duplicate resource"
        case .badRequest: "Bad Request"
        case .unknownAssociation: "Associated resource does not exist"
        case .invalidJSON: "Invalid JSON"
        case .stringLength: "String length out of range"
        case .parameterType: "Invalid parameter type"
        case .characterEncoding: "Character encoding error"
        case .mediaType: "Expected JSON Content-Type"
        case .method: "Method not allowed"
        case .filter: "Invalid request filter"
        case .enumeratedValue: "Invalid enumerated value"
        case .outOfRange: "Value outside of range"
        case .unavailable: "Service unavailable"
        case .limited: "Feature limited"
        case .networkInUse: "VRF still deployed"
        }
    }
}
