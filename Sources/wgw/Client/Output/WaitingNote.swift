import CommandLineProgram
import Glibc
import Synchronization

/// One line on a terminal's standard error while a person waits for more than a second, gone when there is
/// something to read.
final class WaitingNote: Sendable {
    private struct Note {
        var text: String
        var isShown = false
        var isOver = false
    }

    private static let patience = Duration.seconds(1)
    /// Of what is being waited for now; a command waits for one thing at a time.
    private static let current = Mutex<WaitingNote?>(nil)

    private let state: Mutex<Note>
    private let start = ContinuousClock.now

    private init(_ text: String) {
        state = Mutex(Note(text: text))
    }

    /// Shows `text` while `body` runs, from its second second on and until something is printed.
    static func shown<Result>(
        _ text: String,
        while body: () async throws -> Result
    ) async throws -> Result {
        guard Screen.errors.isTerminal else { return try await body() }
        let note = WaitingNote(text)
        current.withLock { $0 = note }
        let timer = Task {
            try await Task.sleep(for: patience)
            note.show()
        }
        defer {
            timer.cancel()
            note.end()
        }
        return try await body()
    }

    /// Takes the line away, for good: something else is written to the terminal.
    static func end() { current.withLock { $0 }?.end() }

    /// What is waited for by now, or how far the work is, in the place of the text before.
    static func report(_ text: String) { current.withLock { $0 }?.report(text) }

    private func show() {
        state.withLock { state in
            guard !state.isOver else { return }
            state.isShown = true
            Self.write(state.text)
        }
    }

    private func report(_ text: String) {
        state.withLock { state in
            state.text = text
            guard !state.isOver else { return }
            // Work that never suspends may keep the timer from its turn.
            if !state.isShown { state.isShown = ContinuousClock.now - start > Self.patience }
            if state.isShown { Self.write(text) }
        }
    }

    private func end() {
        state.withLock { state in
            if state.isShown, !state.isOver { Self.write("") }
            state.isOver = true
        }
    }

    /// From the beginning of the line, which is cleared before: of two lines only the second would be.
    private static func write(_ text: String) {
        let fitting = Screen.errors.width.map { text.cut(to: max($0 - 1, 1)) } ?? text
        try? OutputFile.standardError.write("\r\u{1B}[K" + fitting)
    }
}
