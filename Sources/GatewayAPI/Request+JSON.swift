import HTTPTypes
import Hummingbird
import HummingbirdCore
import JSON
import NIOCore

extension Request {
    static let maximumBodySize = 1 << 20
    /// Far more than any request has a use for.
    static let maximumValues = 10_000

    /// The body of a request that has to bring a JSON object.
    func jsonObject() async throws -> JSONObject {
        try await jsonBody().object()
    }

    /// The same, not read yet.
    func jsonBody() async throws -> JSONBody {
        guard announcedSize <= Self.maximumBodySize else { throw Problem.bodyTooLarge }
        if let coding = headers[.contentEncoding], coding.lowercased() != "identity" {
            throw Problem.encodedBody(String(coding.prefix(40)))
        }
        if let mediaType = headers[.contentType], !Self.isJSON(mediaType) { throw Problem.notJSON }
        let body = try await collected()
        guard !body.bytes.isEmpty else { throw Problem.emptyBody }
        guard headers[.contentType] != nil else { throw Problem.notJSON }
        return body
    }

    private var announcedSize: Int {
        headers[.contentLength].flatMap { Int($0) } ?? 0
    }

    private func collected() async throws -> JSONBody {
        var bytes: [UInt8] = []
        let share = BodyBudget.Share(of: .shared)
        // Given back early, it would be another's while the bytes are still here.
        defer { withExtendedLifetime(share) {} }
        for try await part in body {
            let size = bytes.count + part.readableBytes
            guard size <= Self.maximumBodySize else { throw Problem.bodyTooLarge }
            guard share.grow(to: size - BodyBudget.free) else { throw Problem.tooManyBodies }
            bytes.append(contentsOf: part.readableBytesView)
        }
        return JSONBody(
            bytes: bytes,
            share: share,
            longWork: LongWork.bodies(of: headers[.authorization])
        )
    }

    /// Parameters such as `charset` are allowed, and not believed: JSON is UTF-8.
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
