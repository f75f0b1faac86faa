import GatewayDomain
import JSON
import NodeProtocol
import Testing

struct ReportAnswerTests {
    @Test("the answer to a report says the same when it was read")
    func roundTrip() throws {
        let answer = ReportAnswer(
            counted: 12,
            uses: [
                .peer(Samples.peer): QuotaUse(periodStart: UsageHour(number: 5), bytes: 7),
                .gateway(Samples.gateway): QuotaUse(periodStart: UsageHour(number: 6), bytes: 0),
                .organization(Samples.organization): QuotaUse(
                    periodStart: UsageHour(number: 7),
                    bytes: 1 << 50
                ),
            ]
        )
        #expect(try ReportAnswer(answer.written.encodedBytes) == answer)
    }

    @Test("the answer of an earlier server has no quotas, and that of a later one may have others")
    func otherVersions() throws {
        let earlier = try ReportAnswer(Array(#"{"counted":3}"#.utf8))
        #expect(earlier == ReportAnswer(counted: 3, uses: [:]))
        let later = #"{"counted":3,"quotas":[{"planet":"x","period":1,"used":2}]}"#
        #expect(try ReportAnswer(Array(later.utf8)) == earlier)
    }
}
