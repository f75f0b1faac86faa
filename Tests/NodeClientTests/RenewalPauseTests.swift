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
        #expect(!begins(after: 100), "the answer is awaited, over a slow line for minutes")
        pause.noteEnd(at: start + .seconds(110), isRenewed: false)
        #expect(!begins(after: 169))
        #expect(begins(after: 170), "there was none")
        pause.noteEnd(at: start + .seconds(171), isRenewed: true)
        #expect(!begins(after: 3_600))
        #expect(begins(after: 171 + 86_400))
    }
}
