import SystemIO
import Testing
import WireGuardEngine

@testable import DataPlane

@Suite("Waiting")
struct EventPollTests {
    @Test("epoll waits for a deadline less than a millisecond away, which is past on return")
    func subMillisecond() throws {
        let poll = try EventPoll()
        let tags = UnsafeMutablePointer<UInt64>.allocate(capacity: EventPoll.capacity)
        defer { tags.deallocate() }
        for microseconds: UInt64 in [0, 1, 300, 900, 1_700] {
            let deadline = BootClock.now + Interval(nanoseconds: microseconds * 1_000)
            #expect(poll.wait(until: deadline, into: tags) == 0)
            #expect(BootClock.now >= deadline)
        }
    }

    @Test("a request wakes a worker that waits without a deadline")
    func wake() throws {
        let poll = try EventPoll()
        let inbox = try WorkerInbox()
        try poll.add(inbox.descriptor, tag: 42)
        let tags = UnsafeMutablePointer<UInt64>.allocate(capacity: EventPoll.capacity)
        defer { tags.deallocate() }

        #expect(inbox.post(.apply([], done: {})))
        #expect(poll.wait(until: nil, into: tags) == 1)
        #expect(tags[0] == 42)
        #expect(inbox.drain().requests.count == 1)
        #expect(poll.wait(until: BootClock.now, into: tags) == 0, "nothing is left to wake for")
    }
}
