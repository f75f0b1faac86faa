import GatewayDomain
import GatewayService
import HTTPTypes
import Hummingbird
import HummingbirdCore
import JSON
import NIOCore
import NodeProtocol
import ServiceLifecycle

/// Where a node wants to begin.
struct FeedStart: Sendable {
    /// Of the protocol.
    let version: Int
    /// Of its reports.
    let generation: String
    /// What it has; nil for nothing.
    let timeline: String?
    let revision: Int64?
}

/// Writes the stream of one node. A node that reads slowly is told less often, and each object in its newest
/// state only: nothing waits for it in memory but the batch that is being written.
struct FeedStream: Sendable {
    /// Least time between two batches, however fast changes come.
    private static let pause = Duration.milliseconds(20)
    /// Bytes that are handed to the connection at a time.
    private static let pieceBytes = 16 << 10

    let controlPlane: ControlPlane
    let feed: LocalNodeFeed
    let session: NodeSession
    let heartbeat: Duration
    let certificate: @Sendable () -> String?

    /// - Parameter onEnd: is given what ends the stream, for when the connection is gone.
    func write(
        to writer: inout any ResponseBodyWriter,
        from start: FeedStart,
        _ onEnd: (@escaping @Sendable () -> Void) -> Void
    ) async throws {
        let (wakes, stop) = feed.stoppableWakes(atLeastEvery: heartbeat)
        onEnd(stop)
        let (node, timeline, time) = try await controlPlane.node(of: session)
        guard let key = node.publicKey else { throw ServiceError.node(.credentialUnknown) }
        var sealer = try StreamSealer(to: key, of: node.id)
        let greeting = FeedGreeting(
            version: start.version,
            nodeID: node.id,
            timeline: timeline,
            time: time,
            encapsulatedKey: sealer.encapsulatedKey,
            countedSequence: try await feed.countedSequence(of: start.generation),
            settings: settings(of: node)
        )
        try await writer.write(
            ByteBuffer(bytes: try FeedLine.greeting(greeting).written(&sealer))
        )
        var revision = start.timeline == timeline ? start.revision : nil
        var silentSince = ContinuousClock.now
        var settings = Told(greeting.settings)
        // The server does not wait for nodes when it stops.
        var iterator = wakes.cancelOnGracefulShutdown().makeAsyncIterator()
        repeat {
            guard controlPlane.isCurrent(session) else {
                return try await writer.write(Farewell.sessionEnded.written(&sealer))
            }
            // The node comes again, and is told everything.
            guard try await write(&settings, of: timeline, to: &writer, &sealer) else { return }
            if try await writeNews(to: &writer, after: &revision, &sealer) {
                silentSince = .now
            } else if silentSince.duration(to: .now) >= heartbeat / 2, let revision {
                // A wake may come a moment early.
                let line = try FeedLine.end(revision: revision).written(&sealer)
                try await writer.write(ByteBuffer(bytes: line))
                silentSince = .now
            }
            try await Task.sleep(for: Self.pause)
        } while await iterator.next() != nil
        guard Task.isShuttingDownGracefully else { return }
        try await writer.write(Farewell.serverStops.written(&sealer))
    }

    /// What the node was told of its settings, and when it was last seen that they are these.
    private struct Told {
        var settings: NodeSettings
        var lookedAt = ContinuousClock.now

        init(_ settings: NodeSettings) {
            self.settings = settings
        }
    }

    private func settings(of node: GatewayNode) -> NodeSettings {
        NodeSettings(
            name: node.name,
            egressPool: controlPlane.settings.egressPool,
            publicAddress: node.host.v4,
            certificate: certificate()
        )
    }

    /// They change rarely: it is enough to look as often as heartbeats are sent.
    ///
    /// - Returns: whether the timeline is still that of the stream.
    private func write(
        _ told: inout Told,
        of timeline: String,
        to writer: inout any ResponseBodyWriter,
        _ sealer: inout StreamSealer
    ) async throws -> Bool {
        guard told.lookedAt.duration(to: .now) >= heartbeat / 2 else { return true }
        let (node, current, _) = try await controlPlane.node(of: session)
        guard current == timeline else { return false }
        let settings = settings(of: node)
        told.lookedAt = .now
        guard settings != told.settings else { return true }
        told.settings = settings
        try await writer.write(ByteBuffer(bytes: FeedLine.settings(settings).written(&sealer)))
        return true
    }

    /// - Returns: whether there was anything to tell.
    private func writeNews(
        to writer: inout any ResponseBodyWriter,
        after revision: inout Int64?,
        _ sealer: inout StreamSealer
    ) async throws -> Bool {
        if let old = revision, let news = try await feed.changes(after: old) {
            revision = news.revision
            guard !news.changes.isEmpty else { return false }
            try await write(news.changes, upTo: news.revision, to: &writer, &sealer)
        } else {
            let snapshot = try await feed.snapshot()
            let objects = snapshot.objects
            let line = try FeedLine.snapshot(objects: objects.count).written(&sealer)
            try await writer.write(ByteBuffer(bytes: line))
            try await write(objects, upTo: snapshot.revision, to: &writer, &sealer)
            revision = snapshot.revision
        }
        return true
    }

    private func write(
        _ changes: some Sequence<NodeChange>,
        upTo revision: Int64,
        to writer: inout any ResponseBodyWriter,
        _ sealer: inout StreamSealer
    ) async throws {
        var piece = ByteBuffer()
        for change in changes {
            piece.writeBytes(try FeedLine.change(change).written(&sealer))
            guard piece.readableBytes >= Self.pieceBytes else { continue }
            try await writer.write(piece)
            piece.clear()
        }
        piece.writeBytes(try FeedLine.end(revision: revision).written(&sealer))
        try await writer.write(piece)
    }
}

/// Why there is nothing more to tell on this connection.
private enum Farewell {
    case sessionEnded
    case serverStops

    private var line: FeedLine {
        switch self {
        case .sessionEnded:
            .farewell(
                code: "session_ended",
                detail: "the node was deleted, has joined anew, or is connected otherwise"
            )
        case .serverStops: .farewell(code: "server_stops", detail: "the server stops")
        }
    }

    func written(_ sealer: inout StreamSealer) throws -> ByteBuffer {
        ByteBuffer(bytes: try line.written(&sealer))
    }
}
