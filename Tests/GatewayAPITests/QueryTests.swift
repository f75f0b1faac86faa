import APIContract
import GatewayDomain
import HTTPTypes
import JSON
import Testing

@testable import GatewayAPI

@Suite("The query of a URL")
struct QueryTests {
    @Test(
        "a query is read with raw and with percent-encoded brackets",
        arguments: [
            "filter[name]=a+b", "filter%5Bname%5D=a+b", "filter%5bname%5d=a%20b",
            "x=1&filter[name]=a%20b&y=", "filters[name]=a+b", "filter[name]=c&filter[name]=a+b",
        ]
    )
    func names(query: String) throws {
        #expect(try Query(query).filter(NetworkMembers.name) == "a b")
    }

    @Test("a query's encoded plus, equals sign and ampersand are kept as they are")
    func encodedSigns() throws {
        #expect(try Query("filter[name]=a%2Bb=c%26d").filter(NetworkMembers.name) == "a+b=c&d")
    }

    @Test(
        "a query that cannot be decoded is refused as an error of its filter",
        arguments: ["%", "%4", "%zz", "%ff", "%C0%80", "%00", "a%00"]
    )
    func undecodable(value: String) {
        #expect(throws: Problem.self) {
            try Query("filter[name]=\(value)").filter(NetworkMembers.name)
        }
        #expect(throws: Never.self) {
            try Query("other=\(value)&%zz=1").filter(NetworkMembers.name)
        }
    }

    @Test("a query for coverage is read in every spelling that clients use")
    func coverage() throws {
        let query = Query(
            "filters%5Bavailable_services%5D%5Bcontains%5D=cloud_vpn&filter[available_services]=x"
                + "&filter[location.region]=AMER&filters[location.site]=IAD"
                + "&filter[location.pop]=DC2&filter[location.code]=ashburn-va&filter[nonsense]=1"
        )
        let filter = try query.coverageFilter()
        #expect(filter.services.sorted() == ["cloud_vpn", "x"])
        #expect(filter.region == "AMER")
        #expect(filter.site == "IAD")
        #expect(filter.pop == "DC2")
        #expect(filter.code == "ashburn-va")
    }

    @Test("a query without a page asks for the first twenty elements")
    func defaultPage() throws {
        #expect(try Query(nil).page() == Page(number: 1, size: 20))
        #expect(try Query("page%5Bnumber%5D=3&page[size]=250").page() == Page(number: 3, size: 250))
    }

    @Test("a query's whole number may be spelled as in a body")
    func integers() throws {
        #expect(
            try Query("page[number]=3.0&page[size]=2.5e1").page() == Page(number: 3, size: 25)
        )
    }

    @Test(
        "a query's time may have any offset of RFC 3339",
        arguments: [
            "2026-01-31T12:00:00Z", "2026-01-31T14:00:00%2B02:00", "2026-01-31t12:00:00.000000000z",
        ]
    )
    func times(text: String) throws {
        let query = Query("filter[occurred_at][gte]=\(text)")
        #expect(
            try query.timeFilter(EventMembers.occurredAt, .from)
                == Timestamp("2026-01-31T12:00:00Z")
        )
    }

    @Test("a query's time whose plus sign came as a blank is refused with how to write it")
    func plusSign() {
        let query = Query("filter[occurred_at][gte]=2026-01-31T14:00:00+02:00")
        #expect {
            try query.timeFilter(EventMembers.occurredAt, .from)
        } throws: { error in
            (error as? Problem)?.entries.contains { $0.detail.contains("%2B") } == true
        }
    }

    @Test(
        "a query with a bad page is refused with the names of all bad parameters",
        arguments: [
            ("page[number]=0", ["page[number]"]), ("page[number]=-1", ["page[number]"]),
            ("page[number]=x", ["page[number]"]), ("page[number]=", ["page[number]"]),
            ("page[number]=1.5", ["page[number]"]), ("page[number]=%ff", ["page[number]"]),
            ("page[number]=99999999999999999999", ["page[number]"]),
            ("page[number]=9223372036854775807", ["page[number]"]),
            ("page[size]=0", ["page[size]"]), ("page[size]=251", ["page[size]"]),
            ("page=2", ["page"]), ("page[number]=a&page[size]=b", ["page[number]", "page[size]"]),
        ]
    )
    func badPages(query: String, parameters: [String]) {
        #expect {
            try Query(query).page()
        } throws: { error in
            guard let problem = error as? Problem else { return false }
            return problem.status == .unprocessableContent
                && problem.entries.map(\.source) == parameters.map { .parameter($0) }
                && problem.entries.allSatisfy {
                    $0.code == .badRequest && $0.title == "Invalid pagination"
                }
        }
    }
}
