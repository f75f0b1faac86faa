import GatewayDomain
import OpenAPI

/// What stands in bodies, by name.
enum Schemas {
    static let all: [(name: String, schema: Schema)] =
        organizations + apiKeys + networks + gateways + peers + egress + regions + events
        + envelopes

    private static let envelopes: [(name: String, schema: Schema)] = [
        (
            "PageMeta",
            .object(
                "Where a page stands in its list.",
                [
                    "page_number": .integer("From 1.", Page.numbers),
                    "page_size": .integer("How many objects a page has.", Page.sizes),
                    "total_pages": .count("How many pages there are."),
                    "total_results": .count("How many objects there are."),
                ]
            )
        ),
        (
            "Errors",
            .object(
                "Everything that is wrong with a request.",
                ["errors": .array("Never empty.", of: .named("Error"))]
            )
        ),
        (
            "Error",
            .object(
                "One thing that is wrong.",
                [
                    "code": .word("What kind of thing.", ErrorCode.allCases.map(\.rawValue)),
                    "title": .string("The kind in words; fixed for each code, but for paging."),
                    "detail": .string("What it is, and what to do."),
                    "source": .object(
                        "Where it is.",
                        [
                            "pointer": .string("A JSON pointer into the body."),
                            "parameter": .string("A parameter of the query."),
                        ],
                        optional: ["pointer", "parameter"]
                    ),
                    "meta": .object(
                        "More about it.",
                        ["url": .string("An explanation of the code.")]
                    ),
                ],
                optional: ["source"]
            )
        ),
    ]
}
