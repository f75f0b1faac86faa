import CommandLineProgram

/// How the files that this process may have open are shared out: the store, the status socket and the
/// threads come first, so that neither strangers nor gateways can take what the API needs to work.
struct FileDescriptors: Equatable {
    /// How many files the whole process may have open (`RLIMIT_NOFILE`).
    let limit: Int
    /// What everything but connections and gateways needs.
    let reserve: Int
    /// Connections of the API at once.
    let connections: Int
    /// Sockets of all gateways together.
    let gatewaySockets: Int

    /// Standard streams, locks, the listener, the status socket and its answer, signals, files of TLS,
    /// temporary files of the database, and connections that are being closed.
    private static let always = 40
    /// An event loop's three, and the database and its log for a reader.
    private static let perProcessor = 5
    /// A worker's poll and its inbox.
    private static let perWorker = 2
    /// Connections of the API at once, where the limit is high enough.
    static let mostConnections = 1_024
    /// A server for fewer connections at once is not worth starting.
    private static let fewestConnections = 16

    /// Connections get half of what is left, up to as many as the API wants; gateways get the rest.
    init(limit: Int, processors: Int, workers: Int) throws(TooFewFileDescriptors) {
        self.limit = limit
        reserve = Self.reserve(processors: processors, workers: workers)
        let needed = Self.needed(processors: processors, workers: workers)
        guard limit >= needed else { throw TooFewFileDescriptors(limit: limit, needed: needed) }
        connections = min(Self.mostConnections, (limit - reserve) / 2)
        gatewaySockets = limit - reserve - connections
    }

    /// The smallest limit that a server starts with.
    static func needed(processors: Int, workers: Int) -> Int {
        // A gateway has a socket per worker and one for handshakes.
        reserve(processors: processors, workers: workers) + 2 * max(fewestConnections, workers + 1)
    }

    /// How many sockets the gateway of a hub may have. A hub has no API and no database.
    static func hubSockets(limit: Int, workers: Int) throws(TooFewFileDescriptors) -> Int {
        let reserve = reserve(processors: 0, workers: workers)
        // A gateway of another port is opened before the present one is closed.
        let needed = reserve + 2 * (workers + 1)
        guard limit >= needed else { throw TooFewFileDescriptors(limit: limit, needed: needed) }
        return limit - reserve
    }

    private static func reserve(processors: Int, workers: Int) -> Int {
        always + processors * perProcessor + workers * perWorker
    }
}
