import GatewayDomain
import HTTPTypes
import Hummingbird
import HummingbirdCore
import NIOCore

/// A successful answer in one of the documented envelopes.
struct Answer: ResponseGenerator {
    let status: HTTPResponse.Status
    let mediaType: String
    let text: String
    /// Of an object that is read.
    var tag: EntityTag?

    /// An object that is read, with its validator.
    static func object(_ json: JSONValue, version: Timestamp) -> Answer {
        var answer = Answer.object(json)
        answer.tag = EntityTag(version: version, content: answer.text)
        return answer
    }

    static func object(_ json: JSONValue, status: HTTPResponse.Status = .ok) -> Answer {
        .json(["data": json], status: status)
    }

    /// A list that has no pages.
    static func list(_ elements: [JSONValue]) -> Answer {
        .json(["data": .array(elements)])
    }

    static func page<Element>(_ page: PageOf<Element>, _ json: (Element) -> JSONValue) -> Answer {
        .json([
            "data": .array(page.elements.map(json)),
            "meta": [
                "page_number": .integer(page.page.number),
                "page_size": .integer(page.page.size),
                "total_pages": .integer(page.totalPages),
                "total_results": .integer(page.totalResults),
            ],
        ])
    }

    static func json(_ json: JSONValue, status: HTTPResponse.Status = .ok) -> Answer {
        Answer(status: status, mediaType: "application/json; charset=utf-8", text: json.encoded)
    }

    static func plain(_ text: String) -> Answer {
        Answer(status: .ok, mediaType: "text/plain; charset=utf-8", text: text)
    }

    func response(from request: Request, context: some RequestContext) -> Response {
        var response = response
        guard let tag else { return response }
        if request.alreadyHas(tag) { response = Response(status: .notModified) }
        response.headers[.eTag] = tag.text
        return response
    }

    var response: Response {
        Response(
            status: status,
            headers: [.contentType: mediaType],
            body: ResponseBody(byteBuffer: ByteBuffer(string: text))
        )
    }
}
