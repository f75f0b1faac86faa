import APIContract
import GatewayDomain
import GatewayService
import HTTPTypes
import Hummingbird
import HummingbirdCore
import JSON
import NIOCore

/// A successful answer in one of the documented envelopes.
struct Answer: ResponseGenerator {
    typealias Writing = @Sendable (inout any ResponseBodyWriter) async throws -> Void

    private enum Body {
        case bytes(ByteBuffer)
        /// Written while the answer is on its way.
        case stream(Writing)
    }

    private let status: HTTPResponse.Status
    private let mediaType: String
    private let body: Body
    /// Nil for what is not an object that is read.
    private var tag: EntityTag?
    /// A strong validator, in its quotation marks, of an answer that shows a text.
    var strongTag: String?
    /// Beside those that follow from the rest.
    var headers: HTTPFields = [:]
    /// It was stored by an earlier request with the same idempotency key.
    private var isRepeated = false

    init(_ status: HTTPResponse.Status = .ok, mediaType: String, bytes: ByteBuffer) {
        self.status = status
        self.mediaType = mediaType
        body = .bytes(bytes)
    }

    init(mediaType: String, _ write: @escaping Writing) {
        status = .ok
        self.mediaType = mediaType
        body = .stream(write)
    }

    init(_ stored: StoredResponse, isRepeated: Bool) {
        status = HTTPResponse.Status(code: stored.status)
        mediaType = Self.jsonType
        body = .bytes(ByteBuffer(string: stored.text))
        self.isRepeated = isRepeated
    }

    /// What repetitions of the request get.
    var stored: StoredResponse {
        guard case .bytes(let bytes) = body else {
            return StoredResponse(status: status.code, text: "")
        }
        return StoredResponse(status: status.code, text: String(buffer: bytes))
    }

    /// An object that is read, with its validator.
    static func object(_ json: JSONValue, version: Timestamp) -> Answer {
        let bytes = Envelope.object(json).encodedBytes
        var answer = Answer(mediaType: jsonType, bytes: ByteBuffer(bytes: bytes))
        answer.tag = EntityTag(version: version, content: bytes)
        return answer
    }

    static func object(_ json: JSONValue, status: HTTPResponse.Status = .ok) -> Answer {
        .json(Envelope.object(json), status: status)
    }

    /// A list that has no pages.
    static func list(_ elements: [JSONValue]) -> Answer {
        .json(Envelope.list(elements))
    }

    static func page<Element>(_ page: PageOf<Element>, _ json: (Element) -> JSONValue) -> Answer {
        .json(Envelope.list(page.elements.map(json), PageMeta(page)))
    }

    static func json(_ json: JSONValue, status: HTTPResponse.Status = .ok) -> Answer {
        Answer(status, mediaType: jsonType, bytes: ByteBuffer(bytes: json.encodedBytes))
    }

    static func plain(_ text: String) -> Answer {
        Answer(mediaType: "text/plain; charset=utf-8", bytes: ByteBuffer(string: text))
    }

    /// RFC 7763.
    static func markdown(_ text: String) -> Answer {
        Answer(mediaType: "text/markdown; charset=utf-8", bytes: ByteBuffer(string: text))
    }

    func response(from request: Request, context: some RequestContext) -> Response {
        guard let text = tag?.text ?? strongTag else { return response }
        let isKnown = tag.map(request.alreadyHas) ?? request.alreadyHas(strongTag: text)
        var response =
            isKnown ? Response(status: .notModified, headers: headers) : response
        response.headers[.eTag] = text
        return response
    }

    var response: Response {
        let body =
            switch body {
            case .bytes(let bytes): ResponseBody(byteBuffer: bytes)
            case .stream(let write): ResponseBody(write)
            }
        var response = Response(status: status, headers: [.contentType: mediaType], body: body)
        for field in headers { response.headers[field.name] = field.value }
        if isRepeated { response.headers[.idempotentReplayed] = "true" }
        return response
    }

    static let jsonType = "application/json; charset=utf-8"
}
