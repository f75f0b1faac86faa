import GatewayDomain
import JSON
import OpenAPI

extension Operation {
    static let showGatewayTraffic = Operation(
        id: "showGatewayTraffic",
        summary: "Show what a WireGuard gateway carried in the last hours.",
        about: """
            Shows how much the gateway received and sent, how many handshakes it made and what it dropped, in \
            steps of \(TrafficHistory.finestStep) seconds or of a multiple. The server keeps six hours of it in \
            memory, and a restart forgets them.
            """,
        access: .anyKey,
        parameters: window,
        answer: "A column of numbers for each figure, with one number for each step.",
        result: .object("TrafficHistory")
    )

    static let showPeerTraffic = Operation(
        id: "showPeerTraffic",
        summary: "Show what a peer sent and received lately.",
        about: """
            Shows how much came from the peer and went to it, and its handshakes. The server begins to keep \
            this with the first request for it, and ends an hour after the last one, or earlier where many \
            other peers are asked for; `known_since` tells.
            """,
        access: .anyKey,
        parameters: window,
        answer: "A column of numbers for each figure, with one number for each step.",
        result: .object("TrafficHistory")
    )

    private static let window: [Parameter] = [
        .query(
            "step",
            "The length of a step in seconds, which is a multiple of \(TrafficHistory.finestStep).",
            .integer(
                "Is \(TrafficHistory.finestStep) where it is left out.",
                TrafficHistory.steps,
                step: TrafficHistory.finestStep
            )
        ),
        .query(
            "since",
            "Where the history is to begin, which is as early as it is known where it is left out.",
            .either(
                "A time, or how long before now.",
                [
                    .time("A time of RFC 3339 at which the history begins."),
                    .string(
                        "A duration before now: a number and `s`, `m` or `h`.",
                        pattern: "^[0-9]{1,6}[smh]$",
                        example: "6h"
                    ),
                ]
            )
        ),
    ]
}
