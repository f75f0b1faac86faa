import Synchronization
import Testing

@testable import GatewayStore

struct PostgreSQLQueueTests {
    private let errors = Errors()

    @Test("work that finds the queue full is refused at once, and counted")
    func full() {
        let queue = PostgreSQLQueue<Int>(room: 2)
        for number in 1...3 { add(number, to: queue) }
        #expect(errors.all == [3: .overloaded])
        #expect(queue.refusedCount == 1)
        #expect(queue.take(atMost: 1)?.map(\.work) == [1])
        add(4, to: queue)
        #expect(queue.take(atMost: 9)?.map(\.work) == [2, 4])
        #expect(queue.refusedCount == 1)
    }

    @Test("work that has waited for too long is refused in place of being given out")
    func late() {
        let queue = PostgreSQLQueue<Int>(longestWait: .seconds(-1))
        for number in 1...2 { add(number, to: queue) }
        queue.end()
        #expect(queue.take(atMost: 9) == nil)
        #expect(errors.all == [1: .overloaded, 2: .overloaded])
        #expect(queue.refusedCount == 2)
    }

    private func add(_ number: Int, to queue: PostgreSQLQueue<Int>) {
        queue.add(number) { [errors] in errors.note($0, of: number) }
    }

    private final class Errors: Sendable {
        private let state = Mutex<[Int: StoreError]>([:])

        var all: [Int: StoreError] { state.withLock(\.self) }

        func note(_ error: any Error, of number: Int) {
            state.withLock { $0[number] = error as? StoreError }
        }
    }
}
