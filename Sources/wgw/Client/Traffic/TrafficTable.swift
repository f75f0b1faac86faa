import APIContract
import GatewayDomain

/// A history with a line for each step.
struct TrafficTable {
    private static let heads = [
        "SINCE", "RECEIVED", "SENT", "RECEIVED/S", "SENT/S", "HANDSHAKES", "DROPS",
    ]

    private let rows: [[Cell]]
    let knownSince: Timestamp

    init(_ history: Decoded<TrafficHistoryMembers>) {
        let (rx, tx) = (history.rxBytes, history.txBytes)
        let handshakes = history.handshakes
        let seconds = UInt64(history.step)
        knownSince = history.knownSince
        // A column of another length would be a fault of the server, and not one to crash of.
        let count = [rx.count, tx.count, handshakes.count].min() ?? 0
        rows = (0..<count).map { index in
            let dropped = history.drops.compactMap { drops -> String? in
                guard drops.counts.indices.contains(index), drops.counts[index] > 0 else {
                    return nil
                }
                return "\(drops.counts[index]) \(drops.reason)"
            }
            return [
                .time(history.since.advanced(bySeconds: Int64(index * history.step))),
                .bytes(rx[index]), .bytes(tx[index]), .bytes(rx[index] / seconds),
                .bytes(tx[index] / seconds), .number(Int(clamping: handshakes[index])),
                dropped.isEmpty ? .none : .text(dropped.joined(separator: ", ")),
            ]
        }
    }

    var isEmpty: Bool { rows.isEmpty }

    func text(on screen: Screen) -> String {
        var table = Table(heads: Self.heads, hasHeader: true, screen: screen)
        return table.text(of: rows)
    }
}

extension ReportPage {
    mutating func write(_ table: TrafficTable, of title: String) {
        guard table.isEmpty else { return write(table.text(on: screen)) }
        paragraph(
            """
            No step has ended since the server began to keep what \(title) carries, \(time(table.knownSince)). Ask \
            again in a moment.
            """
        )
    }
}
