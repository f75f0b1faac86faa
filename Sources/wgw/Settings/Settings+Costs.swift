import CommandLineProgram
import GatewayDomain
import JSON

/// What is charged for.
extension Settings {
    static let prices = Setting<PriceListReading>(
        "prices",
        "list",
        places: [.configFile],
        default: "10.00 USD for each gateway and month",
        structuredExample:
            "[{from: 2026-11, currency: USD, gateway: 10.00, gigabyte: {internet: 0.02}}]",
        form: """
            a list of price lists, each with from and currency, and gateway, peer and gigabyte with prices from 0 to a \
            million that have six decimals at most
            """,
        meaning: """
            What is charged for, from each month on: a gateway for a month, a peer that sent or received something, and \
            10^9 bytes of each kind: hairpin, link, services, internet.
            """,
        parse: { text, _ in PriceListReading(text) },
        objection: { $0.mistake.map { "a list of price lists, but \($0)" } },
        fallback: { _ in PriceListReading(lists: [.standard]) }
    )
}

/// The price lists that an operator has written, or the first mistake in them.
struct PriceListReading: Sendable {
    private(set) var lists: [PriceList] = []
    private(set) var mistake: String?

    private struct PriceMistake: Error {
        let text: String

        init(_ text: String) {
            self.text = text
        }
    }

    private static let members = ["from", "currency", "gateway", "peer", "gigabyte"]

    init(lists: [PriceList]) {
        self.lists = lists
    }

    /// Nil for what is not a list.
    init?(_ text: String) {
        guard case .array(let elements)? = try? JSONParser.parse(Array(text.utf8)) else {
            return nil
        }
        do throws(PriceMistake) {
            guard !elements.isEmpty else { throw PriceMistake("it is empty") }
            for (index, element) in elements.enumerated() {
                let list = try Self.list(element, "entry \(index + 1)")
                guard !lists.contains(where: { $0.from == list.from }) else {
                    throw PriceMistake("two entries are from \(list.from)")
                }
                lists.append(list)
            }
        } catch {
            mistake = error.text
        }
    }

    private static func list(_ json: JSONValue, _ entry: String) throws(PriceMistake) -> PriceList {
        guard case .object(let object) = json else {
            throw PriceMistake("\(entry) is not an object")
        }
        // A misspelled member would be one that silently costs nothing.
        if let other = object.members.first(where: { !members.contains($0.name) }) {
            let known = members.joined(separator: ", ")
            throw PriceMistake("\(entry) has '\(other.name)', which is none of \(known)")
        }
        guard case .string(let month)? = object["from"], let from = CalendarMonth(month) else {
            throw PriceMistake("'from' of \(entry) is not a month like 2026-11")
        }
        guard case .string(let currency)? = object["currency"], PriceList.isCurrency(currency)
        else { throw PriceMistake("'currency' of \(entry) is none of three letters like EUR") }
        return PriceList(
            from: from,
            currency: currency,
            gateway: try price(object["gateway"], "'gateway' of \(entry)"),
            peer: try price(object["peer"], "'peer' of \(entry)"),
            gigabyte: try prices(object["gigabyte"], entry)
        )
    }

    private static func prices(
        _ json: JSONValue?,
        _ entry: String
    ) throws(PriceMistake) -> [UsageKind: Price] {
        guard let json else { return [:] }
        guard case .object(let object) = json else {
            throw PriceMistake("'gigabyte' of \(entry) is not an object of kinds and prices")
        }
        var prices: [UsageKind: Price] = [:]
        for member in object.members {
            guard let kind = UsageKind(rawValue: member.name) else {
                let kinds = UsageKind.allCases.map(\.rawValue).joined(separator: ", ")
                throw PriceMistake(
                    "'gigabyte' of \(entry) has '\(member.name)', which is none of \(kinds)"
                )
            }
            prices[kind] = try price(member.value, "'\(member.name)' of \(entry)")
        }
        return prices
    }

    /// By its text: a binary number would be another price.
    private static func price(_ json: JSONValue?, _ place: String) throws(PriceMistake) -> Price {
        let price: Price? =
            switch json {
            case nil: .zero
            case .integer(let number): Price("\(number)")
            case .number(let text), .string(let text): Price(text)
            default: nil
            }
        guard let price else {
            throw PriceMistake(
                "\(place) is not a price from 0 to a million with six decimals at most"
            )
        }
        return price
    }
}
