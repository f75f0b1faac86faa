import GatewayDomain
import GatewayService
import Synchronization

/// The streams that nodes follow at this moment, and when each node was last heard.
final class LiveNodes: Sendable {
    private struct Stream {
        let number: Int
        let process: String
        let session: NodeSession
        var lastHeard: ContinuousClock.Instant
    }

    /// A node reports every ten seconds at least. One that was cut off is told from one that is silent by nothing
    /// else: the connection seems to be there.
    private static let longestSilence = Duration.seconds(35)

    private struct State {
        var lastNumber = 0
        var streams: [NodeID: Stream] = [:]
    }

    private let state = Mutex(State())

    /// - Returns: the stream's number.
    func begin(_ session: NodeSession, process: String) -> Int {
        state.withLock { state in
            state.lastNumber += 1
            state.streams[session.nodeID] = Stream(
                number: state.lastNumber,
                process: process,
                session: session,
                lastHeard: .now
            )
            return state.lastNumber
        }
    }

    /// Nothing where another stream of the node has taken its place.
    func end(_ number: Int, of node: NodeID) {
        state.withLock { state in
            guard state.streams[node]?.number == number else { return }
            state.streams[node] = nil
        }
    }

    /// The session of a process that reports. Nil where it follows no stream.
    ///
    /// - Throws: where another process of the node does.
    func noteReport(of node: NodeID, process: String) throws -> NodeSession? {
        try state.withLock { state in
            guard let stream = state.streams[node] else { return nil }
            guard stream.process == process else { throw ServiceError.node(.secondSession) }
            state.streams[node]?.lastHeard = .now
            return stream.session
        }
    }

    /// The session of a node that was not heard for too long, so that another one may begin.
    func silentSession(of node: NodeID) -> NodeSession? {
        state.withLock { state in
            guard let stream = state.streams[node],
                stream.lastHeard.duration(to: .now) > Self.longestSilence
            else { return nil }
            return stream.session
        }
    }
}
