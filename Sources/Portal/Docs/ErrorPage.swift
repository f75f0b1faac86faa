import APIContract
package import HummingbirdCore

/// What `errors[].meta.url` leads to: every code that the API answers with, and what to do.
package enum ErrorPage {
    private static let body = PackedBody(Array(Templates.text("errors", values).utf8))

    package static func response(to request: Request) -> Response { body.page(for: request) }

    private static var values: [String: Any] {
        [
            "title": "Errors",
            "codes": ErrorCode.allCases.map { code in
                ["code": code.rawValue, "title": code.title, "advice": Prose.pieces(code.advice)]
            },
        ]
    }
}
