import APIContract
package import HTTPEdge

/// What `errors[].meta.url` leads to: every code that the API answers with, and what to do.
package enum ErrorPage {
    package static let text = PageText(
        html: Templates.text("errors", values),
        headers: PageHeaders.all
    )

    private static var values: [String: Any] {
        [
            "title": "Errors",
            "codes": ErrorCode.allCases.map { code in
                ["code": code.rawValue, "title": code.title, "advice": Prose.pieces(code.advice)]
            },
        ]
    }
}
