/// What is charged for.
package enum CostItem: String, CaseIterable, Sendable {
    /// A gateway, by the hours in which it was there.
    case gateway
    /// Peers that sent or received something.
    case peers
    /// Bytes of one kind.
    case traffic
    /// Bytes of a month that was closed when they were reported.
    case correction
}

package struct CostLine: Equatable, Sendable {
    package let item: CostItem
    package var gatewayID: GatewayID?
    package var gatewayName: String?
    package var kind: UsageKind?
    /// The month whose use it is; that of the costs, but for corrections.
    package let month: CalendarMonth
    /// Hours, peers or bytes.
    package let quantity: UInt64
    /// For a gateway and month, a peer, or 10^9 bytes.
    package let price: Price
    package let amount: Amount

    package init(
        _ item: CostItem,
        gatewayID: GatewayID? = nil,
        gatewayName: String? = nil,
        kind: UsageKind? = nil,
        month: CalendarMonth,
        quantity: UInt64,
        price: Price,
        amount: Amount
    ) {
        self.item = item
        self.gatewayID = gatewayID
        self.gatewayName = gatewayName
        self.kind = kind
        self.month = month
        self.quantity = quantity
        self.price = price
        self.amount = amount
    }
}

/// What one organization owes for a month.
package struct Costs: Equatable, Sendable {
    package let organizationID: OrganizationID
    package let month: CalendarMonth
    package let currency: String
    /// Whether it is what it will ever be.
    package let isClosed: Bool
    package let lines: [CostLine]

    package init(
        organizationID: OrganizationID,
        month: CalendarMonth,
        currency: String,
        isClosed: Bool,
        lines: [CostLine]
    ) {
        self.organizationID = organizationID
        self.month = month
        self.currency = currency
        self.isClosed = isClosed
        self.lines = lines
    }

    /// The sum of the lines as they are rounded.
    package var total: Amount {
        lines.reduce(into: Amount(cents: 0)) { $0 += $1.amount }
    }
}
