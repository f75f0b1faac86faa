import GatewayBodies
import HTTPTypes
import Hummingbird
import HummingbirdCore
import NIOCore

extension Request {
    static let maximumBodySize = 1 << 20
    /// Far more than any request has a use for.
    static let maximumValues = 10_000

    /// The body of a request that has to bring a JSON object.
    func jsonObject() async throws -> JSONObject {
        try await JSONObject.read(try await jsonBytes())
    }

    /// The same, before anybody looked into it.
    func jsonBytes() async throws -> [UInt8] {
        guard announcedSize <= Self.maximumBodySize else { throw Problem.bodyTooLarge }
        if let coding = headers[.contentEncoding], coding.lowercased() != "identity" {
            throw Problem.encodedBody(String(coding.prefix(40)))
        }
        if let mediaType = headers[.contentType], !Self.isJSON(mediaType) { throw Problem.notJSON }
        let bytes = try await collected()
        guard !bytes.isEmpty else { throw Problem.emptyBody }
        guard headers[.contentType] != nil else { throw Problem.notJSON }
        return bytes
    }

    private var announcedSize: Int {
        headers[.contentLength].flatMap { Int($0) } ?? 0
    }

    private func collected() async throws -> [UInt8] {
        var bytes: [UInt8] = []
        var taken = 0
        defer { BodyBudget.shared.giveBack(taken) }
        for try await part in body {
            let size = bytes.count + part.readableBytes
            guard size <= Self.maximumBodySize else { throw Problem.bodyTooLarge }
            let missing = max(size - BodyBudget.free - taken, 0)
            guard BodyBudget.shared.take(missing) else { throw Problem.tooManyBodies }
            taken += missing
            bytes.append(contentsOf: part.readableBytesView)
        }
        return bytes
    }

    /// Parameters such as `charset` are allowed, and not believed: JSON is UTF-8.
    private static func isJSON(_ mediaType: String) -> Bool {
        let essence = mediaType.prefix { $0 != ";" }.filter { $0 != " " && $0 != "\t" }
        return essence.lowercased() == "application/json"
    }
}

extension JSONObject {
    /// A larger one is read elsewhere: the thread that answers would let others wait meanwhile.
    private static let mostReadAtOnce = 16 << 10

    /// - Throws: a `Problem` that says what is wrong, and where.
    static func read(_ body: [UInt8]) async throws -> JSONObject {
        guard body.count > mostReadAtOnce else { return try JSONObject(body: body) }
        return try await LongWork.perform { try JSONObject(body: body) }
    }

    private init(body: [UInt8]) throws {
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
