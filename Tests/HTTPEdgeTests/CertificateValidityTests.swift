import Testing

@testable import HTTPEdge

@Suite("Validity of a certificate")
struct CertificateValidityTests {
    private static let day: Int64 = 86_400

    @Test(
        "a certificate is valid from its start to its end, and expires soon in its last tenth",
        arguments: [
            (-1, .notYetValid), (0, .good), (89, .good), (91, .expiresSoon), (100, .expiresSoon),
            (101, .expired),
        ] as [(Int64, CertificateValidity.State)]
    )
    func states(days: Int64, state: CertificateValidity.State) {
        let validity = CertificateValidity(start: 0, end: 100 * Self.day)
        #expect(validity.state(at: days * Self.day) == state)
    }

    @Test("a certificate of many years expires soon only in its last two weeks")
    func longLived() {
        let validity = CertificateValidity(start: 0, end: 3_650 * Self.day)
        #expect(validity.state(at: 3_635 * Self.day) == .good)
        #expect(validity.state(at: 3_637 * Self.day) == .expiresSoon)
    }
}
