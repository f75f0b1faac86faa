import GatewayDomain
import Testing

struct PriceTests {
    @Test(
        "a price is read digit by digit, and written with two digits behind the point or as many as it has",
        arguments: [
            ("10", "10.00"), ("10.00", "10.00"), ("0.1", "0.10"), ("0.000001", "0.000001"),
            ("0.02", "0.02"), ("1000000", "1000000.00"), ("12.345", "12.345"), ("0", "0.00"),
        ]
    )
    func prices(text: String, written: String) throws {
        let price = try #require(Price(text))
        #expect(price.description == written)
        #expect(Price(written) == price)
    }

    @Test(
        "what is no price is not read as one",
        arguments: [
            "", ".", "1.", ".5", "-1", "+1", "1e3", "0.0000001", "1000000.01", "1,5", "１", "1.2.3",
            "99999999",
        ]
    )
    func others(text: String) {
        #expect(Price(text) == nil)
    }

    @Test("an amount is exact until it is rounded once to the cent, halves up")
    func rounding() throws {
        let ten = try #require(Price("10"))
        // A month of 720 hours: one hour is 1.388… cents.
        #expect(ten.amount(of: 1, per: 720).cents == 1)
        #expect(ten.amount(of: 360, per: 720).cents == 500)
        #expect(ten.amount(of: 719, per: 720).cents == 999)
        #expect(ten.amount(of: 720, per: 720).cents == 1_000)
        #expect(ten.amount(of: 0, per: 720).cents == 0)
        let cent = try #require(Price("0.01"))
        #expect(cent.amount(of: 499_999_999, per: 1_000_000_000).cents == 0)
        #expect(cent.amount(of: 500_000_000, per: 1_000_000_000).cents == 1)
        // Binary fractions would lose this one: 0.145 times 100 is 14.499….
        #expect(try #require(Price("0.145")).amount(of: 1, per: 1).cents == 15)
        let most = try #require(Price("1000000"))
        #expect(most.amount(of: .max, per: 1).cents == .max)
        #expect(most.amount(of: UInt64.max, per: 1_000_000_000).cents == 1_844_674_407_370_955_162)
        #expect(Amount("12.34")?.cents == 1_234 && Amount(cents: 5).description == "0.05")
    }

    @Test("a month is charged by the last price list that has begun, and by none before the first")
    func lists() throws {
        func list(_ month: String, _ price: String) throws -> PriceList {
            PriceList(
                from: try #require(CalendarMonth(month)),
                currency: "EUR",
                gateway: try #require(Price(price))
            )
        }
        let lists = [try list("2026-11", "2"), try list("2026-03", "1")]
        func price(_ month: String) throws -> String? {
            lists.list(of: try #require(CalendarMonth(month)))?.gateway.description
        }
        #expect(try price("2026-02") == nil)
        #expect(try price("2026-03") == "1.00" && price("2026-10") == "1.00")
        #expect(try price("2026-11") == "2.00" && price("2027-01") == "2.00")
    }
}
