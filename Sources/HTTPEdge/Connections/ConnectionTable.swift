package import NIOCore
import Synchronization

/// All connections of a listener, `maximum` at most. One more closes another one:
///
/// - Of the connections that have never shown a right credential, the one whose phase has lasted longest,
///   whatever the phase. An honest request takes milliseconds, so it is answered long before `maximum`
///   other connections have come.
/// - Only where all have shown one, the longest among those that are not idle or answered, then among
///   the idle ones. A connection whose request is being answered stays.
package final class ConnectionTable: Sendable {
    private let maximum: Int
    private let connections = Mutex<[ObjectIdentifier: ConnectionState]>([:])

    package init(maximum: Int = 1_024) {
        self.maximum = maximum
    }

    func add(_ connection: ConnectionState) {
        let evicted = connections.withLock { connections in
            guard connections.count >= maximum else {
                connections[connection.id] = connection
                return ConnectionState?.none
            }
            guard let victim = Self.leastUseful(connections) else { return connection }
            connections[victim.id] = nil
            connections[connection.id] = connection
            return victim
        }
        evicted?.abort()
    }

    func remove(_ connection: ConnectionState) {
        connections.withLock { connections in
            guard connections[connection.id] === connection else { return }
            connections[connection.id] = nil
        }
    }

    /// Closes the least useful of those that have never shown a right credential.
    func evictStranger() {
        let victim = connections.withLock { connections -> ConnectionState? in
            guard let victim = Self.leastUseful(connections), !victim.hasShownCredential else {
                return nil
            }
            connections[victim.id] = nil
            return victim
        }
        victim?.abort()
    }

    /// The connection of a channel; nil once it is closed.
    package func connection(of channel: any Channel) -> ConnectionState? {
        connections.withLock { $0[ObjectIdentifier(channel)] }
    }

    private static func leastUseful(
        _ connections: [ObjectIdentifier: ConnectionState]
    ) -> ConnectionState? {
        var found: (rank: Int, since: UInt64, connection: ConnectionState)?
        for connection in connections.values {
            guard let rank = rank(connection) else { continue }
            let since = connection.since
            if let found, (found.rank, found.since) <= (rank, since) { continue }
            found = (rank, since, connection)
        }
        return found?.connection
    }

    /// The lowest goes first; nil never goes.
    private static func rank(_ connection: ConnectionState) -> Int? {
        guard connection.hasShownCredential else { return 0 }
        return switch connection.phase {
        case .new, .receiving, .stalled: 1
        case .idle: 2
        case .answering: nil
        }
    }
}
