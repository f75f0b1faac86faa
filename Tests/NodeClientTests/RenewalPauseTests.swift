import Testing

@testable import NodeClient

struct RenewalPauseTests {
    @Test(
        "a credential that is renewed is not asked for again for a day, and after a failure for a minute"
    )
    func pauses() {
        let start = ContinuousClock.now
        var pause = RenewalPause()
        func begins(after seconds: Int) -> Bool { pause.begins(at: start + .seconds(seconds)) }
        #expect(begins(after: 0))
        #expect(!begins(after: 1), "the answer is awaited")
        #expect(begins(after: 60), "there was none")
        pause.noteRenewal(at: start + .seconds(61))
        #expect(!begins(after: 3_600))
        #expect(begins(after: 61 + 86_400))
    }
}
