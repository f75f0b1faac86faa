import GatewayBodies
import HTTPTypes
import Hummingbird
import HummingbirdCore
import NIOCore

extension Request {
    static let maximumBodySize = 1 << 20

    /// The body of a request that has to bring a JSON object.
    func jsonObject() async throws -> JSONObject {
        guard announcedSize <= Self.maximumBodySize else { throw Problem.bodyTooLarge }
        if let mediaType = headers[.contentType], !Self.isJSON(mediaType) { throw Problem.notJSON }
        let bytes = try await collected()
        guard !bytes.isEmpty else { throw Problem.emptyBody }
        guard headers[.contentType] != nil else { throw Problem.notJSON }
        do {
            guard case .object(let object) = try JSONParser.parse(bytes) else {
                throw Problem.notAnObject
            }
            return object
        } catch let error as JSONError {
            throw Problem.malformedBody(error)
        }
    }

    private var announcedSize: Int {
        headers[.contentLength].flatMap { Int($0) } ?? 0
    }

    private func collected() async throws -> [UInt8] {
        do {
            return Array(try await body.collect(upTo: Self.maximumBodySize).readableBytesView)
        } catch is NIOTooManyBytesError {
            throw Problem.bodyTooLarge
        }
    }

    /// Parameters such as `charset` are allowed, and not believed: JSON is UTF-8.
    private static func isJSON(_ mediaType: String) -> Bool {
        let essence = mediaType.prefix { $0 != ";" }.filter { $0 != " " && $0 != "\t" }
        return essence.lowercased() == "application/json"
    }
}
