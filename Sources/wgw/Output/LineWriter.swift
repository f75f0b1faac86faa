import DataPlane
import Foundation
import Synchronization

/// Writes lines on a thread of its own: a reader that does not read, or a disk that hangs, holds up this
/// thread and nothing else. What does not fit into its buffer, and what cannot be written, is counted,
/// and said in a line of its own where the log goes on.
final class LineWriter: Sendable {
    /// Bytes that may wait, which is some thousand lines. As many again are being written.
    private static let standardCapacity = 1 << 20

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
        let wasIdle = state.withLock { state in
            defer { state.take(line, capacity: capacity) }
            return !state.isBusy
        }
        if wasIdle { announce() }
    }

    /// Comes back when all lines are written or lost, at the latest after the time given.
    func flush(within limit: Duration) {
        let deadline = Date.now.addingTimeInterval(limit / .seconds(1))
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
        stateChanged.lock()
        stateChanged.broadcast()
        stateChanged.unlock()
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
        }
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
        var isClosed = false
        private var waiting: [UInt8] = []
        private var loss: Loss?
        private var isInsideLine = false

        /// Whether there is something to be written that was not tried yet.
        var isBusy: Bool { isWriting || !waiting.isEmpty || loss?.isBeforeWaiting == false }

        mutating func take(_ line: [UInt8], capacity: Int) {
            guard !isClosed else { return }
            let isBehindLoss = loss?.isBeforeWaiting == false
            if isBehindLoss || waiting.count + line.count > capacity {
                let reason = "what reads the log does not keep up"
                loss = loss ?? Loss(lines: 0, reason: reason, isBeforeWaiting: false)
                loss?.lines += 1
            } else {
                waiting += line
            }
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
