import Synchronization
import Testing

@testable import GatewayStore

struct AsyncSemaphoreTests {
    @Test(
        "a semaphore of two permits runs two bodies at a time at most, and all of them, also after errors"
    )
    func permits() async throws {
        let semaphore = AsyncSemaphore(permits: 2)
        let room = Room()
        let pairs = Pairs()
        let passed = await withTaskGroup { group in
            for number in 0..<100 {
                group.addTask {
                    let result: Void? = try? await semaphore.withPermit {
                        room.enter()
                        await pairs.meet()
                        room.leave()
                        if number % 3 == 0 { throw Failure() }
                    }
                    return result != nil
                }
            }
            return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        #expect(passed == 66)
        #expect(room.most == 2)
    }

    private struct Failure: Error {}
}

private final class Room: Sendable {
    private let inside = Mutex((now: 0, most: 0))

    var most: Int { inside.withLock { $0.most } }

    func enter() {
        inside.withLock { inside in
            inside.now += 1
            inside.most = max(inside.most, inside.now)
        }
    }

    func leave() { inside.withLock { $0.now -= 1 } }
}

/// Who comes waits for the next one, so that two are inside at once however busy the machine is.
private actor Pairs {
    private var first: CheckedContinuation<Void, Never>?

    func meet() async {
        if let first {
            self.first = nil
            first.resume()
        } else {
            await withCheckedContinuation { first = $0 }
        }
    }
}
