import APIContract
import GatewayDomain
import GatewayService
import JSON
import OpenAPI

extension Operation {
    static let listCosts = Operation.list(
        "listCosts",
        "List what is owed for a month, line by line.",
        """
        Lists what the organization owes for one month by the price list of the operator, as far as it is known. A \
        gateway costs by the hours that had begun while it was there, in proportion to those of the month. \
        \(ControlPlane.daysUntilClosing) days after its end a month is closed: its costs never change, and what comes \
        later is charged for in the month in which it comes.
        """,
        for: .unrestricted(.viewer),
        of: Costs.contract.name,
        costParameters
    )

    static let exportCosts = Operation(
        id: "exportCosts",
        summary: "List what is owed for a month as one table for spreadsheets.",
        about: """
            Lists the lines of the costs of one month, without pages, each with its organization and month. A cell \
            that begins with `=`, `+`, `-` or `@` has an apostrophe in front, so that no spreadsheet takes it for \
            a formula.
            """,
        access: .unrestricted(.viewer),
        parameters: costParameters,
        answer: "A table, written as RFC 4180 has it, with a line of names first.",
        result: .text(mediaType: "text/csv", "The text of the table.")
    )

    private static let costParameters: [Parameter] = [
        .query(
            "month",
            "The month in UTC that is asked for, which is the present one where it is left out.",
            .string("A year and a month.", pattern: "^[0-9]{4}-[0-9]{2}$", example: "2026-11")
        ),
        .query(
            "all",
            "Whether the costs of all organizations are listed. That is for admins.",
            .bool("Is `false` where it is left out.")
        ),
    ]
}
