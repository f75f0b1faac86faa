import CommandLineProgram
import GatewayDomain
import JSON

/// What is charged for.
extension Settings {
    static let prices = Setting<[PriceList]>(
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
        parse: { text, _ in prices(text) },
        fallback: { _ in [.standard] }
    )

    private static let priceMembers: Set = ["from", "currency", "gateway", "peer", "gigabyte"]

    private static func prices(_ text: String) -> [PriceList]? {
        guard case .array(let elements)? = try? JSONParser.parse(Array(text.utf8)) else {
            return nil
        }
        let lists = elements.compactMap(priceList)
        guard lists.count == elements.count, !lists.isEmpty,
            Set(lists.map(\.from)).count == lists.count
        else { return nil }
        return lists
    }

    private static func priceList(_ json: JSONValue) -> PriceList? {
        // A misspelled member would be one that silently costs nothing.
        guard case .object(let object) = json,
            object.members.allSatisfy({ priceMembers.contains($0.name) }),
            case .string(let month)? = object["from"], let from = CalendarMonth(month),
            case .string(let currency)? = object["currency"], PriceList.isCurrency(currency),
            let gateway = price(object["gateway"]), let peer = price(object["peer"]),
            let gigabyte = prices(object["gigabyte"])
        else { return nil }
        return PriceList(
            from: from,
            currency: currency,
            gateway: gateway,
            peer: peer,
            gigabyte: gigabyte
        )
    }

    private static func prices(_ json: JSONValue?) -> [UsageKind: Price]? {
        guard let json else { return [:] }
        guard case .object(let object) = json else { return nil }
        var prices: [UsageKind: Price] = [:]
        for member in object.members {
            guard let kind = UsageKind(rawValue: member.name), let price = price(member.value)
            else { return nil }
            prices[kind] = price
        }
        return prices
    }

    /// By its text: a binary number would be another price.
    private static func price(_ json: JSONValue?) -> Price? {
        switch json {
        case nil: .zero
        case .integer(let number): Price("\(number)")
        case .number(let text), .string(let text): Price(text)
        default: nil
        }
    }
}
