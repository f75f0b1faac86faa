import HTTPEdge
import HTTPTypes
import Hummingbird
import HummingbirdCore
import JSON
import NIOCore
import OpenAPI

/// What the API says about itself, outside `/v2` and without a key.
struct DocumentRoutes {
    /// OpenAPI.
    let document: ByteBuffer

    var endpoints: [Endpoint<EdgeContext>] {
        [
            Endpoint(
                .get,
                "openapi.json",
                Operation(
                    id: "showDocument",
                    summary: "This document.",
                    result: .json(.object("OpenAPI 3.1.", ["openapi": .string("The version.")]))
                )
            ) { _, _ in Answer(mediaType: Answer.jsonType, bytes: document) },
            Endpoint(
                .get,
                "docs/errors",
                Operation(
                    id: "showErrors",
                    summary: "What the codes of errors mean.",
                    result: .text(mediaType: "text/html", "A page for people.")
                )
            ) { _, _ in Answer(mediaType: "text/html; charset=utf-8", bytes: ErrorPage.bytes) },
        ]
    }
}
