import Testing

@testable import DataPlane

@Suite("The share of a gateway in its worker's time")
struct ReceiveShareTests {
    /// Turns of a gateway that has more waiting than a turn takes.
    private func datagramsOfTurn(inRunsOf length: Int) -> Int {
        var share = ReceiveShare(buffers: 32)
        var sum = 0
        while !share.isOver {
            let datagrams = share.limit * length
            sum += datagrams
            share.took(runs: share.limit, datagrams: datagrams)
        }
        return sum
    }

    @Test("a turn of the longest runs is not longer than the buffers of its first call")
    func longRuns() {
        #expect(datagramsOfTurn(inRunsOf: 64) == 512)
        #expect(datagramsOfTurn(inRunsOf: 32) == 256)
    }

    @Test("a turn of short runs goes on until it has its datagrams", arguments: [1, 2, 3, 5, 15])
    func shortRuns(length: Int) {
        let datagrams = datagramsOfTurn(inRunsOf: length)

        #expect(datagrams >= ReceiveShare.datagrams)
        #expect(datagrams < ReceiveShare.datagrams + 32 * length)
    }

    @Test("long runs behind short ones are those of one call, and the last ones")
    func longRunsBehindShortOnes() {
        var share = ReceiveShare(buffers: 32)
        share.took(runs: share.limit, datagrams: share.limit)
        #expect(!share.isOver && share.limit == 32)
        share.took(runs: share.limit, datagrams: share.limit * 64)
        #expect(share.isOver)
    }

    @Test("a turn ends when nothing more waits", arguments: [0, 1, 7])
    func emptySocket(runs: Int) {
        var share = ReceiveShare(buffers: 32)
        share.took(runs: runs, datagrams: runs)
        #expect(share.isOver)
    }

    @Test("buffers that brought no datagrams do not prolong a turn for ever")
    func truncatedRuns() {
        var share = ReceiveShare(buffers: 32)
        for _ in 0..<5 { share.took(runs: share.limit, datagrams: 0) }
        #expect(share.isOver)
    }
}
