import CPostgreSQL
import Glibc

/// Waits for a server, but not without end: one that is frozen, or that waits for a replica itself, keeps its
/// connections as they are, and libpq would wait with it.
enum PostgreSQLWait {
    /// Sends what is left to be sent, and returns when `PQgetResult` has something to say, be it that the connection is
    /// lost.
    ///
    /// - Returns: false where that is not so until the deadline; nil for none.
    static func forAnswer(
        on handle: OpaquePointer,
        until deadline: ContinuousClock.Instant?
    ) -> Bool {
        while true {
            let unsent = PQflush(handle)
            // What TLS has taken from the socket before, `poll` does not tell of.
            guard unsent >= 0, PQisBusy(handle) == 1, PQconsumeInput(handle) == 1,
                PQisBusy(handle) == 1
            else { return true }
            let events = unsent > 0 ? POLLIN | POLLOUT : POLLIN
            var polled = pollfd(fd: PQsocket(handle), events: Int16(events), revents: 0)
            let left = deadline.map { milliseconds(until: $0) } ?? -1
            if left == 0 { return false }
            _ = poll(&polled, 1, left)
        }
    }

    /// Runs one statement without values outside of a pipeline.
    ///
    /// - Returns: its answer; nil where there is none in time.
    static func answer(
        to text: String,
        on handle: OpaquePointer,
        until deadline: ContinuousClock.Instant
    ) -> OpaquePointer? {
        guard PQsendQuery(handle, text) == 1 else { return nil }
        var answer: OpaquePointer?
        while forAnswer(on: handle, until: deadline) {
            guard let next = PQgetResult(handle) else { return answer }
            PQclear(answer)
            answer = next
        }
        PQclear(answer)
        return nil
    }

    /// Rounded up: at 0 the deadline has passed.
    private static func milliseconds(until deadline: ContinuousClock.Instant) -> Int32 {
        let left = ContinuousClock.now.duration(to: deadline)
        guard left > .zero else { return 0 }
        return Int32(clamping: Int64(left / .milliseconds(1)) + 1)
    }
}
