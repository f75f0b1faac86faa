import HTTPEdge
import HTTPTypes
import Hummingbird
import HummingbirdCore
import JSON

extension Request {
    static let maximumBodySize = 1 << 20
    /// Of one body. The largest useful one has some hundred.
    static let maximumValues = 10_000

    /// The body of a request that has to bring a JSON object.
    func jsonObject() async throws -> JSONObject {
        try await jsonBody().object()
    }

    /// The same, not read yet.
    func jsonBody() async throws -> JSONBody {
        guard (announcedBodySize ?? 0) <= Self.maximumBodySize else {
            throw Refusal.bodyTooLarge(limit: Self.maximumBodySize)
        }
        if let coding = headers[.contentEncoding], coding.lowercased() != "identity" {
            throw Problem.encodedBody(String(coding.prefix(40)))
        }
        if let mediaType = headers[.contentType], !Self.isJSON(mediaType) { throw Problem.notJSON }
        let body = try await wholeBody(atMost: Self.maximumBodySize)
        guard !body.bytes.isEmpty else { throw Problem.emptyBody }
        guard headers[.contentType] != nil else { throw Problem.notJSON }
        return JSONBody(
            bytes: body.bytes,
            share: body.share,
            longWork: LongWork.bodies(of: shownSecret)
        )
    }

    /// Parameters such as `charset` are allowed and ignored: JSON is UTF-8 (RFC 8259 section 8.1).
    private static func isJSON(_ mediaType: String) -> Bool {
        let essence = mediaType.prefix { $0 != ";" }.filter { $0 != " " && $0 != "\t" }
        return essence.lowercased() == "application/json"
    }
}

/// A body that has come whole.
struct JSONBody: Sendable {
    /// A larger one is read elsewhere: the thread that answers would let others wait meanwhile.
    private static let mostReadAtOnce = 16 << 10

    let bytes: [UInt8]
    /// The bytes count as long as they wait.
    let share: BodyBudget.Share
    let longWork: LongWork

    /// - Throws: a `Problem` that says what is wrong, and where.
    func object() async throws -> JSONObject {
        defer { withExtendedLifetime(share) {} }
        guard bytes.count > Self.mostReadAtOnce else { return try JSONObject(body: bytes) }
        return try await longWork.perform { try JSONObject(body: bytes) }
    }
}

extension JSONObject {
    fileprivate init(body: [UInt8]) throws {
        do {
            guard
                case .object(let object) = try JSONParser.parse(body, values: Request.maximumValues)
            else {
                throw Problem.notAnObject
            }
            self = object
        } catch let error as JSONError {
            throw Problem.malformedBody(error)
        }
    }
}
