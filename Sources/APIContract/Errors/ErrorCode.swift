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
    case joinTokenExpired = "90011"
    case joinTokenUsed = "90012"
    case joinTokenUnknown = "90013"
    case nodeRegion = "90014"
    case nodeClock = "90015"
    case nodeCredentialUnknown = "90016"
    case nodeCredentialExpired = "90017"
    case secondNodeSession = "90018"
    case nodeProtocol = "90019"

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
        case .joinTokenExpired:
            "The join token was not used in time. An admin makes a new one: wgw node token NAME"
        case .joinTokenUsed:
            "The join token has let a machine join, and lets no second one. If that was not yours, delete the node."
        case .joinTokenUnknown:
            "No node of this server has the join token: it is of another server, a newer one took its place, or the"
                + " node was deleted."
        case .nodeRegion:
            "The machine was started for another region than the node is in. Take a join token of a node of that"
                + " region."
        case .nodeClock:
            "The clock of the machine is more than an hour from that of the server. Set it, and start the node again."
        case .nodeCredentialUnknown:
            "The node was deleted, or another machine has joined in its place. What the machine carries, it goes on"
                + " carrying until it is stopped. To be a node again it needs a new join token."
        case .nodeCredentialExpired:
            "The node was away for too long to renew its credential. It goes on carrying what it knows, and needs a new"
                + " join token: wgw node token NAME"
        case .secondNodeSession:
            "Another process is connected as this node. Stop one of the two; if only one is yours, make a new join"
                + " token, which ends the other."
        case .nodeProtocol:
            "The node and the server are of versions that do not understand each other. Update the older one."
        case .networkInUse:
            "The network still has gateways or internet gateways. Delete them first."
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
        case .joinTokenExpired: "Join token expired"
        case .joinTokenUsed: "Join token used"
        case .joinTokenUnknown: "Join token unknown"
        case .nodeRegion: "Node of another region"
        case .nodeClock: "Clock of the node is wrong"
        case .nodeCredentialUnknown: "Node credential unknown"
        case .nodeCredentialExpired: "Node credential expired"
        case .secondNodeSession: "Second session of a node"
        case .nodeProtocol: "Node protocol not supported"
        case .networkInUse: "VRF still deployed"
        }
    }
}
