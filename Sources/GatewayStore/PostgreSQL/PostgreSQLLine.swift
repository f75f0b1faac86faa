import Glibc

/// A thread's way to the server: a session that is made anew when it is lost.
struct PostgreSQLLine {
    /// How long a call waits for a server that takes changes, as while a replica is promoted.
    static let patience = Duration.seconds(2)
    /// Milliseconds between two attempts: all that have lost their server do not come back at once.
    private static let pauses = 30...150

    let servers: PostgreSQLServers
    let longestSilence: Duration?
    private var session: PostgreSQLSession?
    /// The last attempt that failed.
    private var failure: (error: StoreError, at: ContinuousClock.Instant)?

    init(_ servers: PostgreSQLServers, longestSilence: Duration? = nil) {
        self.servers = servers
        self.longestSilence = longestSilence
    }

    /// Runs a body with a session, again with another one where the first was lost, until `deadline`.
    mutating func use(
        until deadline: ContinuousClock.Instant,
        _ body: (PostgreSQLSession) throws -> Void
    ) throws {
        while true {
            do {
                try body(try connected(until: deadline))
                return
            } catch {
                guard session?.isLost ?? true else { throw error }
                session = nil
                guard ContinuousClock.now < deadline else { throw error }
            }
        }
    }

    private mutating func connected(
        until deadline: ContinuousClock.Instant
    ) throws(StoreError) -> PostgreSQLSession {
        if let session { return session }
        // Those that have waited behind a call that found no server do not wait once more.
        if let failure, failure.at > deadline { throw failure.error }
        while true {
            do throws(StoreError) {
                let session = try PostgreSQLSession(servers, longestSilence: longestSilence)
                self.session = session
                failure = nil
                return session
            } catch {
                failure = (error, .now)
                guard ContinuousClock.now < deadline else { throw error }
                usleep(UInt32(Int.random(in: Self.pauses) * 1_000))
            }
        }
    }
}
