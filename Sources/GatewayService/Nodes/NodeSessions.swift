package import GatewayDomain
package import NetAddress
import Synchronization

/// The nodes that this process hears of, and what each said last. All of it is gone with the process: nodes come
/// back by themselves.
final class NodeSessions: Sendable {
    struct Heard: Equatable {
        var at: Timestamp
        var word = NodeWord()
        /// When `at` was last stored.
        var storedAt: Timestamp
    }

    private struct Live {
        let number: Int
        let process: String
    }

    private struct Known {
        var lastNumber = 0
        var live: [NodeID: Live] = [:]
        var heard: [NodeID: Heard] = [:]
        /// When a second session was last refused.
        var refused: [NodeID: Timestamp] = [:]
    }

    private static let storingSeconds: Int64 = 60

    private let state = Mutex(Known())

    /// - Parameter process: names the node's process. A session of the same process takes the place of the one
    ///   that it had: its connection is lost, and the server has not noticed.
    /// - Returns: nil where another process has a session.
    func begin(of node: NodeID, process: String, at time: Timestamp) -> NodeSession? {
        state.withLock { state in
            if let live = state.live[node], live.process != process { return nil }
            state.lastNumber += 1
            state.live[node] = Live(number: state.lastNumber, process: process)
            state.heard[node] = Heard(at: time, storedAt: time)
            return NodeSession(nodeID: node, number: state.lastNumber)
        }
    }

    func isCurrent(_ session: NodeSession) -> Bool {
        state.withLock { $0.live[session.nodeID]?.number == session.number }
    }

    /// - Returns: false where another session has taken its place.
    func end(_ session: NodeSession) -> Bool {
        state.withLock { state in
            guard state.live[session.nodeID]?.number == session.number else { return false }
            state.live[session.nodeID] = nil
            return true
        }
    }

    /// Ends the session of a node, if it has one: its credential is not valid any more, and what others have shown
    /// of it does not matter.
    func end(of node: NodeID) {
        state.withLock { state in
            state.live[node] = nil
            state.refused[node] = nil
        }
    }

    func noteRefusal(of node: NodeID, at time: Timestamp) {
        state.withLock { $0.refused[node] = time }
    }

    func refusedAt(_ node: NodeID) -> Timestamp? { state.withLock { $0.refused[node] } }

    /// - Returns: whether the time should be stored, which is due once a minute.
    func note(
        _ node: NodeID,
        _ word: NodeWord,
        at time: Timestamp
    ) -> Bool {
        state.withLock { state in
            var heard = state.heard[node] ?? Heard(at: time, storedAt: time)
            heard.at = time
            heard.word.add(word)
            let isDue = heard.storedAt.advanced(bySeconds: Self.storingSeconds) <= time
            if isDue { heard.storedAt = time }
            state.heard[node] = heard
            return isDue
        }
    }

    func heard(of node: NodeID) -> Heard? { state.withLock { $0.heard[node] } }

    func forgetNodes(changedBy events: [CommittedEvent]) {
        for event in events {
            guard case .deleted(.node(let node, of: _)) = event.change else { continue }
            state.withLock { state in
                state.live[node.id] = nil
                state.heard[node.id] = nil
                state.refused[node.id] = nil
            }
        }
    }
}

/// What a node says of itself, beside its reports about gateways and peers. What it leaves out has not changed.
package struct NodeWord: Equatable, Sendable {
    /// Up to which its gateways are as they should be.
    var revision: Int64?
    /// How busy its processors are, in percent of all of them.
    var loadPercent: Int?
    /// Whether an interface of its machine has the address at which its gateways are found.
    var hasAddress: Bool?
    /// Where its connections come from.
    var source: IPAddress?

    package init(
        revision: Int64? = nil,
        loadPercent: Int? = nil,
        hasAddress: Bool? = nil,
        source: IPAddress? = nil
    ) {
        self.revision = revision
        self.loadPercent = loadPercent
        self.hasAddress = hasAddress
        self.source = source
    }

    fileprivate mutating func add(_ later: NodeWord) {
        revision = later.revision ?? revision
        loadPercent = later.loadPercent ?? loadPercent
        hasAddress = later.hasAddress ?? hasAddress
        source = later.source ?? source
    }
}

/// One connection of a node, for as long as no other takes its place.
package struct NodeSession: Sendable {
    package let nodeID: NodeID
    let number: Int
}
