import CPostgreSQL
import Glibc
import Synchronization
import SystemIO

/// Tells other servers that there is something new in the journal, and hears it of them. A notice is only a
/// hint: it does not say what is new, and where it is lost, those who wait look by themselves a second later.
final class PostgreSQLNotices: Sendable {
    private struct Observers {
        var all: [@Sendable () -> Void] = []
        var hasEnded = false
    }

    private let state = Mutex(Observers())
    private let alarm: ThreadAlarm

    /// - Parameter pooled: called once where a pooler is in between, through which no notices come.
    init(
        _ servers: PostgreSQLServers,
        pooled: @escaping @Sendable () -> Void
    ) throws(StoreError) {
        do throws(SystemError) {
            alarm = try ThreadAlarm()
            try WorkerThread(named: "wgw-notices", processor: nil) { [weak self, alarm] in
                var line = NoticeLine(servers, alarm)
                while line.wait(orTell: { self?.tell() }) {
                    guard self?.isRunning ?? false else { break }
                }
                line.close()
                if line.isPooled { pooled() }
            }.detach()
        } catch {
            throw .databaseFailed(state: "", message: "no thread for notices: \(error)")
        }
    }

    deinit { send() }

    /// Sends a notice soon.
    func send() { alarm.ring() }

    /// Calls the observer when another server has sent a notice, or may have.
    func observe(_ observer: @escaping @Sendable () -> Void) {
        state.withLock { $0.all.append(observer) }
    }

    func end() {
        state.withLock { $0.hasEnded = true }
        send()
    }

    private var isRunning: Bool { state.withLock { !$0.hasEnded } }

    private func tell() {
        for observer in state.withLock({ $0.all }) { observer() }
    }
}

/// The connection that notices come and go through, of one thread.
private struct NoticeLine {
    /// A notice takes a lock of the whole server at its commit: commits leave them to this connection, which
    /// sends at most one in this time. Microseconds.
    private static let pause: UInt32 = 10_000
    private static let pauseWithoutServer: UInt32 = 500_000
    /// Milliseconds.
    private static let longestWait: Int32 = 1_000

    private let servers: PostgreSQLServers
    private let alarm: ThreadAlarm
    private var handle: OpaquePointer?
    private(set) var isPooled = false

    init(_ servers: PostgreSQLServers, _ alarm: ThreadAlarm) {
        self.servers = servers
        self.alarm = alarm
    }

    mutating func close() {
        if let handle { PQfinish(handle) }
        handle = nil
    }

    /// Waits for news of others, or sends those of this process.
    ///
    /// - Returns: whether there is something to wait for any more.
    mutating func wait(orTell tell: () -> Void) -> Bool {
        guard let handle = connected(tell) else {
            if isPooled { return false }
            usleep(Self.pauseWithoutServer)
            return true
        }
        var polled = [
            pollfd(fd: PQsocket(handle), events: Int16(POLLIN), revents: 0),
            pollfd(fd: alarm.descriptor, events: Int16(POLLIN), revents: 0),
        ]
        guard poll(&polled, 2, Self.longestWait) > 0 else { return true }
        if polled[1].revents != 0 {
            alarm.clear()
            PQclear(PQexec(handle, "NOTIFY wgw_journal"))
            usleep(Self.pause)
        }
        let isAlive = PQconsumeInput(handle) == 1 && PQstatus(handle) == CONNECTION_OK
        var isNew = false
        while let notice = PQnotifies(handle) {
            isNew = isNew || notice.pointee.be_pid != PQbackendPID(handle)
            PQfreemem(notice)
        }
        if isNew { tell() }
        if !isAlive { close() }
        return true
    }

    private mutating func connected(_ tell: () -> Void) -> OpaquePointer? {
        if let handle { return handle }
        guard let made = try? servers.connect() else { return nil }
        do {
            isPooled = try PostgreSQLSession.isPooled(made)
        } catch {
            PQfinish(made)
            return nil
        }
        guard !isPooled else {
            PQfinish(made)
            return nil
        }
        PQclear(PQexec(made, "LISTEN wgw_journal"))
        handle = made
        // What was sent before has not come here.
        tell()
        return made
    }
}
