import APIContract
import GatewayDomain
import GatewayService
import HTTPEdge
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
        /// Of another target, with all that stands on it.
        case page(Response)
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

    init(_ page: Response) {
        status = page.status
        mediaType = ""
        body = .page(page)
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
    static func object(_ object: some JSONWritable, version: Timestamp) -> Answer {
        let bytes = Envelope.object(object)
        var answer = Answer(mediaType: jsonType, bytes: ByteBuffer(bytes: bytes))
        answer.tag = EntityTag(version: version, content: bytes)
        return answer
    }

    static func object(
        _ object: some JSONWritable,
        status: HTTPResponse.Status = .ok
    ) -> Answer {
        .json(Envelope.object(object), status: status)
    }

    /// A list that has no pages.
    static func list(_ elements: [some JSONWritable]) -> Answer {
        .json(Envelope.list(elements))
    }

    static func page(_ page: PageOf<some JSONWritable>) -> Answer {
        Self.page(page) { $0 }
    }

    /// - Parameter shown: what stands in the answer for an element.
    static func page<Element, Shown: JSONWritable>(
        _ page: PageOf<Element>,
        _ shown: @escaping (Element) -> Shown
    ) -> Answer {
        .json(Envelope.list(page.elements.lazy.map(shown), PageMeta(page)))
    }

    static func json(_ json: JSONValue, status: HTTPResponse.Status = .ok) -> Answer {
        .json(json.encodedBytes, status: status)
    }

    private static func json(_ bytes: [UInt8], status: HTTPResponse.Status = .ok) -> Answer {
        Answer(status, mediaType: jsonType, bytes: ByteBuffer(bytes: bytes))
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
        let isKnown = tag.map(request.alreadyHas) ?? request.alreadyHas(tag: text)
        var response =
            isKnown ? Response(status: .notModified, headers: headers) : response
        response.headers[.eTag] = text
        return response
    }

    var response: Response {
        let body: ResponseBody
        switch self.body {
        case .bytes(let bytes): body = ResponseBody(byteBuffer: bytes)
        case .stream(let write): body = ResponseBody(write)
        case .page(let page): return page
        }
        var response = Response(status: status, headers: [.contentType: mediaType], body: body)
        for field in headers { response.headers[field.name] = field.value }
        if isRepeated { response.headers[.idempotentReplayed] = "true" }
        return response
    }

    static let jsonType = "application/json; charset=utf-8"
}
