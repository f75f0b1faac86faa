/// The documented error codes that this server answers with. The title is fixed per code, and
/// clients match on both.
package enum ErrorCode: String, Sendable, CaseIterable {
    case missingParameter = "10004"
    case notFound = "10005"
    case unexpected = "10007"
    case unauthenticated = "10009"
    case forbidden = "10010"
    case tooManyRequests = "10011"
    case duplicate = "10012"
    case badRequest = "10015"
    case unknownAssociation = "10017"
    case inUse = "10021"
    case invalidJSON = "10023"
    case stringLength = "10025"
    case parameterType = "10026"
    case unprocessable = "10027"
    case characterEncoding = "10028"
    case mediaType = "10029"
    case method = "10030"
    case filter = "10031"
    case enumeratedValue = "10032"
    case outOfRange = "10033"
    case beingProcessed = "10036"
    case unavailable = "10037"
    case limited = "10039"
    case accountInactive = "20012"
    case networkInUse = "50000"
    case damaged = "90001"
    case crossSite = "90002"

    /// What it means, and what to do.
    package var advice: String {
        switch self {
        case .missingParameter: "The body lacks a member that has to be there."
        case .notFound: "The path or the object does not exist, or this API key may not see it."
        case .unexpected:
            "The server has failed. Its log has the cause, under the x-request-id of the answer."
        case .unauthenticated: "Send an API key as Authorization: Bearer KEY…"
        case .forbidden: "The API key is known, but its role or its networks do not allow this."
        case .tooManyRequests: "Wait for as many seconds as retry-after says."
        case .duplicate: "Something else has this name, key or place already."
        case .badRequest: "The value is of the right type, but cannot be taken; detail says why."
        case .unknownAssociation: "A member names an object that does not exist."
        case .inUse: "Something still depends on the object. Delete that first."
        case .invalidJSON: "The body is not JSON as of RFC 8259; detail says at which byte."
        case .stringLength: "A text is too short or too long."
        case .parameterType: "A member or parameter is of the wrong type."
        case .unprocessable:
            "The Idempotency-Key was used for another request. Take a new one for a new request."
        case .characterEncoding: "The body is not UTF-8."
        case .mediaType: "Send the body with Content-Type: application/json."
        case .method: "The URL exists, but not for this method; Allow lists those that do."
        case .filter: "A filter has a value that cannot be understood."
        case .enumeratedValue: "The value is not one of the words that are allowed there."
        case .outOfRange: "A number is too small or too large."
        case .beingProcessed: "The first request with this Idempotency-Key is still running."
        case .unavailable:
            "The server cannot do this at the moment; detail says why. Try again later."
        case .limited: "A limit is reached: of the organization, of addresses or of ports."
        case .accountInactive: "The operator has suspended the organization."
        case .damaged:
            "The server's database is damaged where this object is stored; detail says where. The operator"
                + " restores it from a backup. DELETE works meanwhile, and shows empty what cannot be read."
        case .crossSite:
            "A request that is let in by a cookie has to come from a page of this server. Programs send an API"
                + " key instead."
        case .networkInUse: "The network still has gateways. Delete them first."
        }
    }

    package var title: String {
        switch self {
        case .missingParameter: "Missing required parameter"
        case .notFound: "Resource not found"
        case .unexpected: "Unexpected error"
        case .unauthenticated: "Authentication failed"
        case .forbidden: "Authorization failed"
        case .tooManyRequests: "Too many requests"
        case .duplicate: "Duplicate resource"
        case .badRequest: "Bad Request"
        case .unknownAssociation: "Associated resource does not exist"
        case .inUse: "Resource in use"
        case .invalidJSON: "Invalid JSON"
        case .stringLength: "String length out of range"
        case .parameterType: "Invalid parameter type"
        case .unprocessable: "Unprocessable Entity"
        case .characterEncoding: "Character encoding error"
        case .mediaType: "Expected JSON Content-Type"
        case .method: "Method not allowed"
        case .filter: "Invalid request filter"
        case .enumeratedValue: "Invalid enumerated value"
        case .outOfRange: "Value outside of range"
        case .beingProcessed: "Resource is being processed"
        case .unavailable: "Service unavailable"
        case .limited: "Feature limited"
        case .accountInactive: "Account inactive"
        case .damaged: "Damaged object"
        case .crossSite: "Request of another site"
        case .networkInUse: "VRF still deployed"
        }
    }
}
