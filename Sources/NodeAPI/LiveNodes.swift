import GatewayDomain
import GatewayService
import HTTPEdge
import Synchronization

/// The streams that nodes follow at this moment, and when each node was last heard.
final class LiveNodes: Sendable {
    private struct Stream {
        let number: Int
        let process: String
        let session: NodeSession
        let connection: ConnectionState?
        var lastHeard: ContinuousClock.Instant
    }

    /// A node reports every ten seconds at least. One that was cut off is told from one that is silent by nothing
    /// else: the connection seems to be there.
    private static let longestSilence = Duration.seconds(35)

    private struct State {
        var lastNumber = 0
        var streams: [NodeID: Stream] = [:]
        /// No more than there have been nodes.
        var budgets: [NodeID: BodyBudget] = [:]
    }

    private let state = Mutex(State())

    /// Ends the stream that the node had before, which may have no reader any more.
    ///
    /// - Returns: the stream's number.
    func begin(
        _ session: NodeSession,
        process: String,
        on connection: ConnectionState?
    ) -> Int {
        let (number, old) = state.withLock { state in
            state.lastNumber += 1
            let old = state.streams.updateValue(
                Stream(
                    number: state.lastNumber,
                    process: process,
                    session: session,
                    connection: connection,
                    lastHeard: .now
                ),
                forKey: session.nodeID
            )
            return (state.lastNumber, old)
        }
        if let last = old?.connection, last !== connection { last.abort() }
        return number
    }

    /// What the bodies of a node's reports may take of the memory at a time.
    func budget(of node: NodeID) -> BodyBudget {
        state.withLock { state in
            let budget =
                state.budgets[node] ?? BodyBudget(bytes: NodeAPI.longestReport)
            state.budgets[node] = budget
            return budget
        }
    }

    /// Nothing where another stream of the node has taken its place.
    func end(_ number: Int, of node: NodeID) {
        state.withLock { state in
            guard state.streams[node]?.number == number else { return }
            state.streams[node] = nil
        }
    }

    /// Who reports.
    enum Reporter {
        case following(NodeSession)
        /// Its stream is at another server.
        case followingElsewhere
        /// A process that follows no stream at the moment.
        case alone
    }

    /// - Returns: nil where another process of the node follows a stream.
    func noteWord(of node: NodeID, process: String) -> Reporter? {
        state.withLock { state in
            guard let stream = state.streams[node] else { return .alone }
            guard stream.process == process else { return nil }
            state.streams[node]?.lastHeard = .now
            return .following(stream.session)
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
