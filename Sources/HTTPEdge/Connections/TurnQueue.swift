import NIOCore

/// Delays connections whose next request is here already until their event loop has polled its sockets.
/// The loop polls only when no task is due, so a client that sends a thousand requests at once would
/// otherwise keep it from reading what other clients send.
final class TurnQueue: Sendable {
    private struct Turns {
        var waiting: [() -> Void] = []
        var lastArrival = NIODeadline.uptimeNanoseconds(0)
    }

    private static let pause = TimeAmount.milliseconds(1)

    private let loop: any EventLoop
    private let turns: NIOLoopBoundBox<Turns>

    /// To be called, like everything here, on the event loop.
    init(_ loop: any EventLoop) {
        self.loop = loop
        turns = NIOLoopBoundBox(Turns(), eventLoop: loop)
    }

    func wait(_ goOn: @escaping () -> Void) {
        turns.value.lastArrival = loop.now
        turns.value.waiting.append(goOn)
        if turns.value.waiting.count == 1 { schedule() }
    }

    private func schedule() {
        loop.scheduleTask(deadline: turns.value.lastArrival + Self.pause) { self.open() }
    }

    /// A pause behind the last arrival, not the first: what is due by then runs without a look at the
    /// sockets.
    private func open() {
        guard loop.now >= turns.value.lastArrival + Self.pause else { return schedule() }
        let waiting = turns.value.waiting
        turns.value.waiting = []
        for goOn in waiting { goOn() }
    }
}
