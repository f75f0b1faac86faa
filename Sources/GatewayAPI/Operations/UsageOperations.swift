import APIContract
import GatewayDomain
import OpenAPI

extension Operation {
    static let listUsage = Operation.list(
        "listUsage",
        "List what was used, as sums.",
        """
        Sums up what peers sent and received in whole hours of UTC, in packets and bytes inside of the tunnel. \
        `group_by` says what sums are told apart by; without it there is one sum of all. Gateways and peers that are \
        deleted count as before. A peer, a gateway and a network that are named together have to belong to each other. Hours that are long over are kept as days: such a day counts where it begins, and \
        stands in one sum where hours are told apart. An admin whose key is not restricted gets the usage of all \
        organizations by `group_by=organization`.
        """,
        of: UsageRow.contract.name,
        usageParameters
    )

    static let exportUsage = Operation(
        id: "exportUsage",
        summary: "List what was used as one table for spreadsheets.",
        about: """
            Sums up usage as the list does, without pages, in \(UsageTable.mostRows) lines at most. Its columns are \
            the members of a sum, by their names. A cell that begins with `=`, `+`, `-` or `@` has an apostrophe in \
            front, so that no spreadsheet takes it for a formula.
            """,
        access: .anyKey,
        parameters: usageParameters,
        answer: "A table, written as RFC 4180 has it, with a line of names first.",
        result: .text(mediaType: "text/csv", "The text of the table.")
    )

    private static let usageParameters: [Parameter] = [
        .query(
            Query.usageFrom,
            "The time from which usage is summed up, which is the beginning of the hour that it names.",
            .time("A time of RFC 3339; the beginning of this month where it is left out.")
        ),
        .query(
            Query.usageTo,
            "The time up to which usage is summed up, without the hour in which it lies.",
            .time("A time of RFC 3339; the end of this hour where it is left out.")
        ),
        .query(
            Query.usageGroups,
            "What sums are told apart by: some words with commas between them, one of `hour`, `day` and `month` at most.",
            .string(
                "Some of `\(UsageGrouping.words.joined(separator: "`, `"))`.",
                pattern: "^(\(words))(,(\(words)))*$"
            )
        ),
        .filter(
            UsageMembers.networkID,
            "Sums up only the usage of this network.",
            .id("The id of a network.")
        ),
        .filter(
            UsageMembers.gatewayID,
            "Sums up only the usage of this gateway.",
            .id("The id of a WireGuard gateway.")
        ),
        .filter(
            UsageMembers.peerID,
            "Sums up only the usage of this peer.",
            .id("The id of a peer.")
        ),
    ]

    private static let words = UsageGrouping.words.joined(separator: "|")
}
