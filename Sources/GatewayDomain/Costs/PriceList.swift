/// What everything costs from some month on, until another list begins.
package struct PriceList: Equatable, Sendable {
    /// The list of an operator who has given none.
    package static let standard = PriceList(
        from: CalendarMonth(of: Timestamp(microseconds: 0)),
        currency: "USD",
        gateway: Price(millionths: 10_000_000)
    )

    package let from: CalendarMonth
    /// As ISO 4217 has it.
    package let currency: String
    /// Of one that is there for a whole month.
    package let gateway: Price
    /// Of one that sent or received anything in a month.
    package let peer: Price
    /// Of 10^9 bytes, received or sent.
    package let gigabyte: [UsageKind: Price]

    package init(
        from: CalendarMonth,
        currency: String,
        gateway: Price,
        peer: Price = .zero,
        gigabyte: [UsageKind: Price] = [:]
    ) {
        self.from = from
        self.currency = currency
        self.gateway = gateway
        self.peer = peer
        self.gigabyte = gigabyte
    }

    package static func isCurrency(_ text: String) -> Bool {
        text.utf8.count == 3 && text.utf8.allSatisfy { (0x41...0x5A).contains($0) }
    }
}

extension [PriceList] {
    /// The last that had begun; nil where nothing was charged for yet.
    package func list(of month: CalendarMonth) -> PriceList? {
        filter { $0.from <= month }.max { $0.from < $1.from }
    }

    /// Before the first list, nothing is charged for, in the currency of that list.
    package func currency(in month: CalendarMonth) -> String {
        (list(of: month) ?? self.min { $0.from < $1.from } ?? .standard).currency
    }
}
