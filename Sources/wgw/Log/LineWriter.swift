import CommandLineProgram
import DataPlane
import Foundation
import Synchronization

/// Writes lines on a thread of its own: a reader that does not read, or a disk that hangs, holds up this
/// thread and nothing else. What does not fit into its buffer, and what cannot be written, is counted,
/// and said in a line of its own where the log goes on.
final class LineWriter: Sendable {
    /// Bytes that may wait, which is some thousand lines. As many again are being written.
    private static let standardCapacity = 1 << 20
    /// Behind a batch, for the lines that come next: a thread that is woken for each of them takes
    /// their time from the threads that they come from.
    private static let pause = 0.005

    private let file: OutputFile
    private let capacity: Int
    private let lossLine: @Sendable (_ lines: Int, _ reason: String) -> String
    private let state = Mutex(State())
    /// For waiting only: the state itself is behind the mutex.
    private let stateChanged = NSCondition()

    /// - Parameter lossLine: the line that says how many lines are missing, and why.
    init(
        to file: OutputFile,
        capacity: Int = standardCapacity,
        lossLine: @escaping @Sendable (_ lines: Int, _ reason: String) -> String
    ) throws(DataPlaneError) {
        self.file = file
        self.capacity = capacity
        self.lossLine = lossLine
        try WorkerThread(named: "wgw-log", processor: nil) { [self] in writeUntilClosed() }.detach()
    }

    /// Never waits, and never fails: a line that cannot be taken is counted. It ends with a line feed.
    func write(_ line: String) {
        let line = [UInt8](line.utf8)
        let isAwaited = state.withLock { $0.take(line, capacity: capacity) }
        if isAwaited { announce() }
    }

    /// Comes back when all lines are written or lost, at the latest after the time given.
    func flush(within limit: Duration) {
        let deadline = Date.now.addingTimeInterval(limit / .seconds(1))
        state.withLock { $0.flushes += 1 }
        defer { state.withLock { $0.flushes -= 1 } }
        announce()
        stateChanged.lock()
        while state.withLock({ $0.isBusy }), stateChanged.wait(until: deadline) {}
        stateChanged.unlock()
    }

    /// Like `flush`; lines that come later are dropped, and the thread ends.
    func close(within limit: Duration) {
        flush(within: limit)
        state.withLock { $0.isClosed = true }
        announce()
    }

    private func announce() {
        // With the lock held, a thread would be woken only to wait for it.
        stateChanged.lock()
        stateChanged.unlock()
        stateChanged.broadcast()
    }

    private func writeUntilClosed() {
        while let batch = nextBatch() {
            let text = text(of: batch)
            do throws(OutputFailure) {
                try file.write(text[...])
                state.withLock { $0.isWriting = false }
            } catch {
                state.withLock { $0.fail(batch, text, error) }
            }
            announce()
            pause()
        }
    }

    private func pause() {
        let end = Date.now.addingTimeInterval(Self.pause)
        stateChanged.lock()
        while state.withLock({ $0.mayPause(capacity: capacity) }), stateChanged.wait(until: end) {}
        state.withLock { $0.isPausing = false }
        stateChanged.unlock()
    }

    private func text(of batch: Batch) -> [UInt8] {
        // After a failure in the middle of a line, its rest is missing.
        let start = batch.isInsideLine ? [UInt8(ascii: "\n")] : []
        switch batch.content {
        case .lines(let lines): return start + lines
        case .loss(let loss): return start + lossLine(loss.lines, loss.reason).utf8
        }
    }

    private func nextBatch() -> Batch? {
        stateChanged.lock()
        defer { stateChanged.unlock() }
        while true {
            if let batch = state.withLock({ $0.startBatch() }) { return batch }
            if state.withLock({ $0.isClosed }) { return nil }
            stateChanged.wait()
        }
    }
}

extension LineWriter {
    fileprivate struct Loss {
        var lines: Int
        var reason: String
        /// Whether the lines that wait came after the lost ones. Otherwise they came before.
        var isBeforeWaiting: Bool
    }

    fileprivate struct Batch {
        enum Content {
            case lines([UInt8])
            case loss(Loss)
        }

        let content: Content
        let isInsideLine: Bool
    }

    fileprivate struct State {
        var isWriting = false
        var isPausing = false
        var isClosed = false
        /// How many threads wait until everything is written.
        var flushes = 0
        private var waiting: [UInt8] = []
        private var loss: Loss?
        private var isInsideLine = false

        /// Whether there is something to be written that was not tried yet.
        var isBusy: Bool { isWriting || !waiting.isEmpty || loss?.isBeforeWaiting == false }

        /// - Returns: whether the thread that writes has to be told.
        mutating func take(_ line: [UInt8], capacity: Int) -> Bool {
            guard !isClosed else { return false }
            let (wasBusy, hadRoom) = (isBusy, hasRoom(capacity))
            let isBehindLoss = loss?.isBeforeWaiting == false
            if isBehindLoss || waiting.count + line.count > capacity {
                let reason = "what reads the log does not keep up"
                loss = loss ?? Loss(lines: 0, reason: reason, isBeforeWaiting: false)
                loss?.lines += 1
            } else {
                waiting += line
            }
            return isPausing ? hadRoom && !hasRoom(capacity) : !wasBusy
        }

        /// With half of it taken it is time to write.
        private func hasRoom(_ capacity: Int) -> Bool { waiting.count < capacity / 2 }

        mutating func mayPause(capacity: Int) -> Bool {
            isPausing = flushes == 0 && !isClosed && hasRoom(capacity)
            return isPausing
        }

        /// A loss is told at its place among the lines; after a failure, that is not before another
        /// line is tried.
        mutating func startBatch() -> Batch? {
            if let told = loss, told.isBeforeWaiting != waiting.isEmpty {
                loss = nil
                return start(.loss(told))
            }
            guard !waiting.isEmpty else { return nil }
            defer { waiting = [] }
            return start(.lines(waiting))
        }

        private mutating func start(_ content: Batch.Content) -> Batch {
            isWriting = true
            defer { isInsideLine = false }
            return Batch(content: content, isInsideLine: isInsideLine)
        }

        /// What waits is not tried on a file that has just failed.
        mutating func fail(_ batch: Batch, _ text: [UInt8], _ failure: OutputFailure) {
            let unwritten =
                switch batch.content {
                case .lines(let lines): text[failure.written...].suffix(lines.count).lineCount
                case .loss(let told): told.lines
                }
            loss = Loss(
                lines: unwritten + waiting.lineCount + (loss?.lines ?? 0),
                reason: failure.reason,
                isBeforeWaiting: true
            )
            waiting = []
            isWriting = false
            let last = text[..<failure.written].last
            isInsideLine = last.map { $0 != UInt8(ascii: "\n") } ?? batch.isInsideLine
        }
    }
}

extension Collection<UInt8> {
    fileprivate var lineCount: Int { count { $0 == UInt8(ascii: "\n") } }
}
