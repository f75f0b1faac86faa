package import APIContract
import GatewayDomain
import JSON

/// A line of the change stream.
package enum Change: Sendable {
    case event(Decoded<EventMembers>)
    /// Nothing has happened up to this revision, from which a follower may go on.
    case heartbeat(revision: Int64)
}

extension GatewayClient {
    /// Follows the journal and gives each change to `body`, until that returns false or throws.
    ///
    /// A stream that breaks off is taken up again behind the last line that came, for as long as it takes the
    /// server to come back: an upgrade restarts it. One that never began is an error.
    ///
    /// - Parameters:
    ///   - revision: the one after which to begin; nil for now.
    ///   - onConnection: is told that the server takes a stream up, each time.
    ///   - onLoss: is told why the server cannot be reached, once each time.
    package func follow(
        after revision: Int64? = nil,
        onConnection: () -> Void = {},
        onLoss: (ClientError) -> Void = { _ in },
        _ body: (Change) async throws -> Bool
    ) async throws {
        var revision = revision
        var pause = FollowPause()
        while true {
            var call = APICall(.get, "changes")
            if let revision { call.query = [("since", "\(revision)")] }
            do {
                let lines = try await lines(of: call)
                onConnection()
                for try await line in lines {
                    let change = try Change(line)
                    revision = change.revision
                    pause.connected()
                    guard try await body(change) else { return }
                }
            } catch let error as ClientError {
                guard error.mayPass, pause.wasConnected else { throw error }
                if pause.isFirstLoss() { onLoss(error) }
            } catch {
                try Task.checkCancellation()
                // Either the connection was lost, which asking again finds out, or `body` failed.
                guard !(error is CancellationError), ClientError.isTransport(error) else {
                    throw error
                }
            }
            try await Task.sleep(for: pause.next())
        }
    }
}

/// How long a follower waits before it asks again.
private struct FollowPause {
    private static let shortest = Duration.milliseconds(500)
    private static let longest = Duration.seconds(5)

    private(set) var wasConnected = false
    private var isLost = false
    private var pause = shortest

    mutating func connected() {
        wasConnected = true
        isLost = false
        pause = Self.shortest
    }

    mutating func isFirstLoss() -> Bool {
        defer { isLost = true }
        return !isLost
    }

    mutating func next() -> Duration {
        defer { pause = min(pause * 2, Self.longest) }
        return pause
    }
}

extension Change {
    package var revision: Int64 {
        switch self {
        case .event(let event): event.revision
        case .heartbeat(let revision): revision
        }
    }

    init(_ line: [UInt8]) throws(ClientError) {
        guard let json = try? JSONParser.parse(line), case .object(let object) = json else {
            throw .notUnderstood("a line of its change stream is not JSON")
        }
        if object["record_type"] == "heartbeat", case .integer(let revision) = object["revision"] {
            self = .heartbeat(revision: Int64(revision))
            return
        }
        do throws(FieldProblem) {
            self = .event(try EventAnswer.contract.decode(json))
        } catch {
            throw ClientError(error)
        }
    }
}
