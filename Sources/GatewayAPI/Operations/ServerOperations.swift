import GatewayDomain
import OpenAPI

/// What is asked of the server itself.
extension Operation {
    static let showServer = Operation(
        id: "showServer",
        summary: "Show the version and the clock of the server, and what it is made of.",
        about: """
            Shows which version of the program answers, what time its clock has and which libraries it contains. A \
            client whose clock is far off reads `expires_at` and its own log wrongly.
            """,
        access: .anyKey,
        answer: "The server that answers.",
        result: .object("Server")
    )

    static let showMetrics = Operation(
        id: "showMetrics",
        summary: "Show the server's counters for Prometheus.",
        about: """
            Shows counters of requests, gateways and packets, of all organizations. The traffic of single \
            peers is among them where the operator has switched that on.
            """,
        access: .unrestricted(.admin),
        answer: "All metrics of this process.",
        result: .text(mediaType: "text/plain", "The text format 0.0.4 of Prometheus.")
    )

    static let showHealth = Operation(
        id: "showHealth",
        summary: "Show whether this process answers requests.",
        about:
            "Answers as long as the process runs, for supervisors that start it again otherwise.",
        access: .everybody,
        answer: "The process answers requests.",
        result: .json(status("ok"))
    )

    static let showReadiness = Operation(
        id: "showReadiness",
        summary: "Show whether this process can do its work.",
        about: """
            Answers 200 when the gateways of the last run are set up and changes can be stored, and 503 \
            with the reasons otherwise, for load balancers that send requests elsewhere meanwhile.
            """,
        access: .everybody,
        answer: "The process can do all its work.",
        result: .json(
            .object(
                "The state of the process.",
                [
                    "status": .word(
                        "One word, which is always the same in this answer.",
                        ["ready"]
                    ),
                    "cipher": .string("Whose ChaCha20-Poly1305 seals packets."),
                ]
            )
        ),
        refusals: [503]
    )

    static let showDocument = Operation(
        id: "showDocument",
        summary: "Show this description of the API.",
        about:
            "Shows the OpenAPI document of the running version, from which clients can be generated.",
        access: .everybody,
        answer: "The document that describes the API.",
        result: .json(
            .object(
                "An OpenAPI document in JSON.",
                ["openapi": .string("The version of OpenAPI that the document follows.")]
            )
        )
    )

    static let showErrors = Operation(
        id: "showErrors",
        summary: "Show what the codes of errors mean.",
        about:
            "Shows a page for people, on which each error code that the API answers is explained.",
        access: .everybody,
        answer: "A page about all error codes.",
        result: .text(mediaType: "text/html", "The page that explains every error code, as HTML.")
    )

    private static func status(_ word: String) -> Schema {
        .object(
            "The state of the process.",
            ["status": .word("One word, which is always the same in this answer.", [word])]
        )
    }
}
