import Testing

@testable import WireGuardEngine

@Suite("Epoch-based reclamation")
struct EpochReclamationTests {
    @Test("unlinked memory may be freed at once when no worker is pinned")
    func unpinned() {
        let reclamation = EpochReclamation(workers: 2)
        #expect(reclamation.hasPassed(reclamation.stamp()))
    }

    @Test("unlinked memory may not be freed while a worker is pinned since before")
    func pinnedBefore() {
        let reclamation = EpochReclamation(workers: 3)
        reclamation.workerGuard(of: 2).pin()
        let stamp = reclamation.stamp()
        #expect(!reclamation.hasPassed(stamp))
        reclamation.workerGuard(of: 2).unpin()
        #expect(reclamation.hasPassed(stamp))
    }

    @Test("a worker that pins after memory was unlinked does not keep it from being freed")
    func pinnedAfterwards() {
        let reclamation = EpochReclamation(workers: 2)
        let stamp = reclamation.stamp()
        reclamation.workerGuard(of: 1).pin()
        #expect(reclamation.hasPassed(stamp))
        #expect(!reclamation.hasPassed(reclamation.stamp()))
    }

    @Test("a worker that pins again holds nothing of what it read before")
    func again() {
        let reclamation = EpochReclamation(workers: 1)
        reclamation.workerGuard(of: 0).pin()
        let stamp = reclamation.stamp()
        reclamation.workerGuard(of: 0).pin()
        #expect(reclamation.hasPassed(stamp))
    }

    @Test("retired memory is freed once, in the order in which it was unlinked")
    func order() {
        let reclamation = EpochReclamation(workers: 2)
        var retired = RetiredMemory()
        let freed = Freed()
        retired.append(reclamation.stamp()) { freed.numbers.append(1) }
        reclamation.workerGuard(of: 1).pin()
        retired.append(reclamation.stamp()) { freed.numbers.append(2) }
        retired.reclaim(reclamation)
        #expect(freed.numbers == [1])
        reclamation.workerGuard(of: 1).unpin()
        retired.reclaim(reclamation)
        #expect(freed.numbers == [1, 2])
        #expect(retired.isEmpty)
    }

    private final class Freed {
        var numbers: [Int] = []
    }
}
