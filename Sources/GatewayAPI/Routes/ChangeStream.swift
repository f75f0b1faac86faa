import APIContract
import GatewayDomain
import GatewayService
import HTTPEdge
import HTTPTypes
import Hummingbird
import HummingbirdCore
import JSON
import NIOCore
import ServiceLifecycle
import Synchronization

/// The journal as it grows, one JSON object on a line.
///
/// The first line is a heartbeat, so that a follower knows its revision at once; another one follows
/// each `heartbeat` without changes. Each has a revision to go on from.
struct ChangeStream: Sendable {
    /// Streams per key or user. Each needs few, and each holds a connection.
    private static let maximumPerPrincipal = 16
    /// Least time between two batches of lines, however fast changes come.
    private static let pause = Duration.milliseconds(20)

    let controlPlane: ControlPlane
    let connections: ConnectionTable
    let heartbeat: Duration
    private let running = StreamCounts(maximum: maximumPerPrincipal)

    init(controlPlane: ControlPlane, connections: ConnectionTable, heartbeat: Duration) {
        self.controlPlane = controlPlane
        self.connections = connections
        self.heartbeat = heartbeat
    }

    /// - Parameters:
    ///   - since: the revision after which to begin; nil for now.
    ///   - follows: false ends the answer where the journal ends.
    func answer(since: Int64?, follows: Bool, to context: CallerContext) async throws -> Answer {
        let caller = context.caller
        let timeline = try await controlPlane.changingTimeline()
        let start = try await controlPlane.startOfEvents(at: since)
        guard let place = running.place(for: caller.principal) else {
            throw Problem.tooManyStreams(Self.maximumPerPrincipal)
        }
        let channel = context.channel
        return Answer(mediaType: "application/x-ndjson") { writer in
            defer { withExtendedLifetime(place) {} }
            // Not before: the answer to a HEAD never comes here.
            let wakes = follows ? wakes(of: channel) : nil
            try await write(to: &writer, after: start, of: timeline, on: wakes, for: caller)
        }
    }

    /// Ends with the connection: otherwise the place of a client that has left would be taken until
    /// the next heartbeat cannot be written.
    private func wakes(of channel: any Channel) -> AsyncStream<Void> {
        let (wakes, stop) = controlPlane.commits.wakes(atLeastEvery: heartbeat)
        connections.connection(of: channel)?.left.whenComplete { _ in stop() }
        return wakes
    }

    private func write(
        to writer: inout any ResponseBodyWriter,
        after start: Int64,
        of timeline: String?,
        on wakes: AsyncStream<Void>?,
        for caller: Caller
    ) async throws {
        var revision = start
        try await writer.write(Self.line(heartbeatAt: revision))
        var silentSince = ContinuousClock.now
        // The server does not wait for followers when it stops.
        var wakes = wakes?.cancelOnGracefulShutdown().makeAsyncIterator()
        repeat {
            var isNewest = false
            while !isNewest {
                let next = try await controlPlane.events(after: revision, of: timeline, by: caller)
                guard let stretch = next else { return try await writer.finish(nil) }
                revision = stretch.revision
                isNewest = stretch.isNewest
                guard !stretch.entries.isEmpty else { continue }
                let lines = stretch.entries.map {
                    EventAnswer($0, for: caller.role).json.encoded + "\n"
                }
                try await writer.write(ByteBuffer(string: lines.joined()))
                silentSince = .now
            }
            // A wake may come a moment early.
            if silentSince.duration(to: .now) >= heartbeat / 2 {
                try await writer.write(Self.line(heartbeatAt: revision))
                silentSince = .now
            }
            guard wakes != nil else { break }
            try await Task.sleep(for: Self.pause)
        } while await wakes?.next() != nil
        try await writer.finish(nil)
    }

    private static func line(heartbeatAt revision: Int64) -> ByteBuffer {
        let json: JSONValue = ["record_type": "heartbeat", "revision": .integer(revision)]
        return ByteBuffer(string: json.encoded + "\n")
    }
}

/// How many streams each key and user has open.
private final class StreamCounts: Sendable {
    /// One open stream. Its deinitializer gives the place back, however the stream ended.
    final class Place: Sendable {
        private let counts: StreamCounts
        private let principal: Principal

        fileprivate init(_ counts: StreamCounts, _ principal: Principal) {
            self.counts = counts
            self.principal = principal
        }

        deinit { counts.leave(principal) }
    }

    private let maximum: Int
    private let open = Mutex<[Principal: Int]>([:])

    init(maximum: Int) {
        self.maximum = maximum
    }

    func place(for principal: Principal) -> Place? {
        let isFree = open.withLock { open in
            guard open[principal, default: 0] < maximum else { return false }
            open[principal, default: 0] += 1
            return true
        }
        return isFree ? Place(self, principal) : nil
    }

    private func leave(_ principal: Principal) {
        open.withLock { open in
            let left = open[principal, default: 0] - 1
            open[principal] = left > 0 ? left : nil
        }
    }
}
