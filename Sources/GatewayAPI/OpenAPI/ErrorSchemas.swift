import OpenAPI

/// What stands in the body of a refusal: see `Problem` for the object itself.
enum ErrorSchemas {
    static let all: [(name: String, schema: Schema)] = [
        (
            "Errors",
            .object(
                "The body of a refusal: everything that is wrong with the request.",
                [
                    "errors": .array(
                        "The list of what is wrong, which is never empty.",
                        of: .named("Error")
                    )
                ]
            )
        ),
        (
            "Error",
            .object(
                "One thing that is wrong with a request.",
                [
                    "code": .word(
                        "The code of the error, which programs can rely on.",
                        ErrorCode.allCases.map(\.rawValue)
                    ),
                    "title": .string(
                        """
                        The meaning of the code in words, which is the same for every error with it \
                        but for those of paging.
                        """
                    ),
                    "detail": .string("What is wrong here, and what to do about it."),
                    "source": source,
                    "meta": .object(
                        "Where more is said about the error.",
                        ["url": .string("The URL of an explanation of the error's code.")]
                    ),
                ],
                optional: ["source"]
            )
        ),
    ]

    private static let source: Schema = .object(
        "The part of the request that is wrong, where it is a single one.",
        [
            "pointer": .string("A JSON pointer to a member of the request's body."),
            "parameter": .string("The name of a parameter of the request's query."),
        ],
        optional: ["pointer", "parameter"]
    )
}
