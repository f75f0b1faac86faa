package import GatewayDomain

extension Costs: APIObject {
    package static let contract = AnswerContract(
        "Costs",
        "What one organization owes for a month, by the operator's price list.",
        CostsMembers()
    )
}

package struct CostsMembers: AnswerMembers {
    package typealias Object = Costs

    package let recordType = AnswerMember<Costs, String>(recordType: "costs")
    package let organizationID = AnswerMember(
        Member("organization_id", .id(), "The id of the organization, which may be deleted since."),
        \Costs.organizationID
    )
    package let month = AnswerMember(
        Member("month", Codec<CalendarMonth>.month, "The month that is charged for, in UTC."),
        \Costs.month
    )
    package let isClosed = AnswerMember(
        Member(
            "closed",
            Codec<Bool>.bool,
            """
            Whether the month is closed, so that its costs never change. What nodes report of it later is charged for in the \
            month in which it comes.
            """
        ),
        \Costs.isClosed
    )
    package let currency = AnswerMember(
        Member("currency", Codec<String>.text(example: "USD"), "The currency, as ISO 4217 has it."),
        \Costs.currency
    )
    package let total = AnswerMember(
        Member("total", Codec<Amount>.decimal(example: "10.00"), "The sum of all lines.")
    ) { (costs: Costs) in costs.total }
    package let lines = AnswerMember(
        Member(
            "lines",
            Codec<[Part<CostLine>]>.array(
                of: .part(of: CostLine.self),
                "One thing that is charged for."
            ),
            "What is charged for: gateways first, the oldest first, and then what peers used."
        )
    ) { (costs: Costs) in costs.lines.map { .made($0) } }
}

extension CostLine: APIObject {
    package static let contract = AnswerContract(
        "CostLine",
        "One thing that is charged for, with its quantity, its price and what that makes.",
        CostLineMembers()
    )
}

package struct CostLineMembers: AnswerMembers {
    package typealias Object = CostLine

    package let item = AnswerMember(
        word: Member(
            "item",
            Codec<CostItem>.word,
            """
            What is charged for: `gateway` by the hours in which it was there, `peers` that sent or received \
            something, `traffic` of one kind, or a `correction`, which is traffic of an earlier month that was \
            reported when that month was closed.
            """
        ),
        \CostLine.item
    )
    package let gatewayID = AnswerMember(nullable: UsageMembers.gatewayID, \CostLine.gatewayID)
    package let gatewayName = AnswerMember(
        nullable: UsageMembers.gatewayName,
        \CostLine.gatewayName
    )
    package let kind = AnswerMember(nullable: UsageMembers.kind) { (line: CostLine) in
        line.kind?.rawValue
    }
    package let month = AnswerMember(
        Member(
            "used_month",
            Codec<CalendarMonth>.month,
            "The month in which it was used, which is an earlier one for a correction."
        ),
        \CostLine.month
    )
    package let quantity = AnswerMember(
        Member(
            "quantity",
            Codec<UInt64>.count,
            """
            How much it is: hours that had begun while a gateway was there, the number of peers, or bytes inside of \
            the tunnel, received and sent.
            """
        ),
        \CostLine.quantity
    )
    package let price = AnswerMember(
        Member(
            "price",
            Codec<Price>.decimal(example: "10.00"),
            "What a gateway costs for a whole month, what a peer costs, or what 1 000 000 000 bytes cost."
        ),
        \CostLine.price
    )
    package let amount = AnswerMember(
        Member(
            "amount",
            Codec<Amount>.decimal(example: "10.00"),
            "What the line costs: exact, and then rounded once to the cent, halves up."
        ),
        \CostLine.amount
    )
}
