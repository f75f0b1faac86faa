import CommandLineProgram
import Foundation
import Synchronization
import SystemIO

/// Writes lines on a thread of its own, so that a reader which does not read, or a disk which hangs, holds
/// up that thread only. A line that does not fit into the buffer or cannot be written is counted, and the
/// next line that is written tells how many are missing.
final class LineWriter: Sendable {
    /// The most bytes that wait: some thousand lines. One batch of at most this size is being written
    /// beside them.
    private static let standardCapacity = 1 << 20
    /// Seconds between two batches, in which lines collect: waking this thread for every line would
    /// take time from the threads that log.
    private static let pause = 0.005

    private let file: OutputFile
    private let capacity: Int
    private let lossLine: @Sendable (_ lines: Int, _ reason: String) -> String
    private let state = Mutex(State())
    /// Wakes the threads that wait for another state. The state itself is guarded by the mutex.
    private let stateChanged = NSCondition()

    /// - Parameter lossLine: the line that says how many lines are missing, and why.
    init(
        to file: OutputFile,
        capacity: Int = standardCapacity,
        lossLine: @escaping @Sendable (_ lines: Int, _ reason: String) -> String
    ) throws(SystemError) {
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

    /// Returns when all lines are written or lost, at the latest after `limit`.
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
        // Locked once, so that a thread between its look at the state and its wait misses nothing;
        // unlocked before the signal, so that the thread does not wake into a locked condition.
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
        // A batch that failed in the middle of a line left that line without its end.
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
        /// True if the waiting lines came after the lost ones, false if they came before them.
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

        /// Whether anything is left that was not tried yet.
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

        /// Above half of the capacity the next batch is written without a pause.
        private func hasRoom(_ capacity: Int) -> Bool { waiting.count < capacity / 2 }

        mutating func mayPause(capacity: Int) -> Bool {
            isPausing = flushes == 0 && !isClosed && hasRoom(capacity)
            return isPausing
        }

        /// The loss is told at its place among the lines. After a failed write it waits for the next
        /// line, so that a full disk is not tried in a loop.
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

        /// The lines that wait are lost as well: they are not tried on a file that has just failed.
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
