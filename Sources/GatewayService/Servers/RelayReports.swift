import GatewayDomain
import GatewayStore
import NetAddress
import NodeProtocol
import Synchronization

/// Up to where this server has taken what nodes have said to others.
final class RelayPlace: Sendable {
    private let state = Mutex<Int64?>(nil)

    var number: Int64? { state.withLock(\.self) }

    func note(_ number: Int64) { state.withLock { $0 = number } }
}

// What nodes see is in the memory of the server that hears it. A balancer brings reports and questions to any server, so
// that each tells the others. It takes a second, and a server that starts knows nothing yet, as where there is one.
extension Transaction {
    /// Of one kind in a row.
    private static let mostObjects = 1_000
    private static let keptSeconds: Int64 = 60

    /// Leaves what a report says, beside what is stored of it, to other servers.
    func relay(
        _ content: ReportContent,
        of node: NodeID,
        from source: IPAddress?,
        by server: ServerID
    ) throws {
        var rest = content
        rest.gateways = []
        rest.peers = []
        repeat {
            let part = NodeReport(
                number: ReportNumber(generation: server.text, sequence: 1),
                time: time,
                content: rest.takeFirst(Self.mostObjects)
            )
            try RelayedReports.insert(
                RelayedReports.Relayed(
                    number: 0,
                    nodeID: node,
                    server: server.text,
                    source: source?.description,
                    content: part.bytes
                ),
                at: time,
                db
            )
        } while !rest.isEmpty
    }

    func trimRelayedReports() throws {
        try RelayedReports.trim(olderThan: time.advanced(bySeconds: -Self.keptSeconds), db)
    }
}

extension ControlPlane {
    /// Reports that are read at a time.
    private static let fewReports = 100

    /// Takes in what nodes have said to other servers since the last look.
    func takeRelayedReports() async throws {
        guard let server else { return }
        var isDone = false
        while !isDone {
            let place = relayPlace.number
            let (newest, found) = try await store.read { db in
                let newest = try RelayedReports.newest(db)
                var found: [RelayedReports.Relayed] = []
                if let place, place < newest {
                    found = try RelayedReports.next(
                        after: place,
                        notFrom: server.text,
                        limit: Self.fewReports,
                        db
                    )
                }
                return (newest, found)
            }
            isDone = found.count < Self.fewReports
            for relayed in found {
                // Of another version of the program, it may say what this one does not know.
                guard let report = try? NodeReport(relayed.content) else { continue }
                try await take(report, of: relayed.nodeID, from: relayed.source)
            }
            relayPlace.note(isDone ? newest : found.last?.number ?? newest)
        }
    }

    private func take(_ report: NodeReport, of node: NodeID, from source: String?) async throws {
        let content = report.content
        observations.record(content.trouble)
        trafficRecorder.record(content.traffic, at: now())
        try await measure(content.links, of: node)
        nodeSessions.hear(
            node,
            NodeWord(
                revision: content.revision,
                loadPercent: content.loadPercent,
                hasAddress: content.hasAddress,
                source: source.flatMap { IPAddress($0) }
            ),
            at: report.time
        )
    }
}
