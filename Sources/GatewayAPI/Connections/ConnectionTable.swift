import NIOCore
import Synchronization

/// All connections of a listener. When there are too many, one goes: of those that never showed a right
/// key the one for which nothing has changed for longest, whatever it does. A stranger's request takes
/// milliseconds, so that one who means it is through long before as many others have come. Who has
/// shown a key goes only when all have, and not while it is answered.
final class ConnectionTable: Sendable {
    private let maximum: Int
    private let connections = Mutex<[ObjectIdentifier: ConnectionState]>([:])

    init(maximum: Int) {
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

    /// Closes the least useful of those that never showed a right key.
    func evictStranger() {
        let victim = connections.withLock { connections -> ConnectionState? in
            guard let victim = Self.leastUseful(connections), !victim.hasShownKey else {
                return nil
            }
            connections[victim.id] = nil
            return victim
        }
        victim?.abort()
    }

    /// The connection of a channel, as long as it is here.
    func connection(of channel: any Channel) -> ConnectionState? {
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
        guard connection.hasShownKey else { return 0 }
        return switch connection.phase {
        case .new, .receiving, .stalled: 1
        case .idle: 2
        case .answering: nil
        }
    }
}
