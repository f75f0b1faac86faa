package import GatewayDomain
package import NetAddress
import Synchronization

/// The nodes that this process hears of, and what each said last. All of it is gone with the process: nodes come
/// back by themselves. Of several servers, `NodeStreams` tells which one a node is at.
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

        mutating func begin(
            of node: NodeID,
            _ process: String,
            at time: Timestamp
        ) -> NodeSession {
            lastNumber += 1
            live[node] = Live(number: lastNumber, process: process)
            heard[node] = Heard(at: time, storedAt: time)
            return NodeSession(nodeID: node, number: lastNumber)
        }
    }

    private let state = Mutex(Known())

    /// - Parameter process: names the node's process. A session of the same process takes the place of the one
    ///   that it had: its connection is lost, and the server has not noticed.
    /// - Returns: nil where another process has a session.
    func begin(of node: NodeID, process: String, at time: Timestamp) -> NodeSession? {
        state.withLock { state in
            if let live = state.live[node], live.process != process { return nil }
            return state.begin(of: node, process, at: time)
        }
    }

    /// The same where it is known that no other process has a session.
    func replace(of node: NodeID, process: String, at time: Timestamp) -> NodeSession {
        state.withLock { $0.begin(of: node, process, at: time) }
    }

    /// The numbers of the sessions that there are.
    var live: [NodeID: Int] { state.withLock { $0.live.mapValues(\.number) } }

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

    /// - Parameter seconds: between two times that are stored.
    /// - Returns: whether the time should be stored.
    func note(
        _ node: NodeID,
        _ word: NodeWord,
        at time: Timestamp,
        storingEvery seconds: Int64
    ) -> Bool {
        state.withLock { state in
            var heard = state.heard[node] ?? Heard(at: time, storedAt: .never)
            heard.at = time
            heard.word.add(word)
            let isDue = heard.storedAt.advanced(bySeconds: seconds) <= time
            if isDue { heard.storedAt = time }
            state.heard[node] = heard
            return isDue
        }
    }

    /// What the node has said to another server, which has stored the time.
    func hear(_ node: NodeID, _ word: NodeWord, at time: Timestamp) {
        state.withLock { state in
            var heard = state.heard[node] ?? Heard(at: time, storedAt: .never)
            heard.at = max(heard.at, time)
            heard.word.add(word)
            state.heard[node] = heard
        }
    }

    func heard(of node: NodeID) -> Heard? { state.withLock { $0.heard[node] } }

    /// In a journal of another history a node may have joined anew: each begins again.
    func forgetNodes(after news: CommitNews) {
        if news == .anything { state.withLock { $0.live = [:] } }
        for notice in news.notices where notice.objectType == .node && notice.operation == .deleted
        {
            guard let id = NodeID(notice.objectID) else { continue }
            state.withLock { state in
                state.live[id] = nil
                state.heard[id] = nil
                state.refused[id] = nil
            }
        }
    }
}

extension Timestamp {
    fileprivate static let never = Timestamp(microseconds: 0)
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
