import HTTPEdge
import HTTPTypes
import Hummingbird
import HummingbirdCore
import JSON
import NIOCore

/// What the API says about itself, outside `/v2` and without a key.
struct DocumentRoutes {
    /// OpenAPI.
    let document: ByteBuffer
    /// Nil where another target has no such page.
    let errorPage: LinkPages.Errors?

    var endpoints: [Endpoint<EdgeContext>] {
        [
            Endpoint(.get, "openapi.json", .showDocument) { _, _ in
                Answer(mediaType: Answer.jsonType, bytes: document)
            },
            Endpoint(.get, "docs/errors", .showErrors) { request, _ in
                guard let errorPage else { throw Problem.notFound }
                return Answer(errorPage(request))
            },
        ]
    }
}
