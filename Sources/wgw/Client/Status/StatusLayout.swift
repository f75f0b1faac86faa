import APIContract
import CommandLineProgram
import GatewayDomain
import GatewayService
import NetAddress

/// The columns of `wgw status`. On a terminal of 80 columns a line of IPv4 addresses fits; a wider one has
/// room for whole words.
struct StatusLayout {
    /// Columns from which there is room for whole words.
    private static let roomy = 110

    private let screen: Screen
    private let isWide: Bool
    private let isRoomy: Bool

    init(_ screen: Screen, isWide: Bool) {
        // A wide table is not cut: its lines are as long as they are.
        self.screen = isWide ? screen.withoutWidth : screen
        self.isWide = isWide
        isRoomy = isWide || (screen.width ?? .max) >= Self.roomy
    }

    private var heads: [String] {
        ["GATEWAY / PEER", "STATE", "ADDRESS", "ENDPOINT"]
            + (isRoomy ? ["LAST SEEN", "RECEIVED", "SENT"] : ["SEEN", " RECV", " SENT"])
            + (isWide ? ["LATEST HANDSHAKE", "ID"] : [])
    }

    func table(of report: StatusReport, hasHeader: Bool) -> String {
        var table = Table(heads: heads, hasHeader: hasHeader, screen: screen)
        let now = Timestamp.now()
        let rows = report.groups.flatMap { gateway, peers in
            [row(gateway, peers)] + peers.map { row($0, report.quotas, at: now) }
        }
        return rows.isEmpty ? "" : table.text(of: rows) + "\n"
    }

    private func row(
        _ gateway: Decoded<GatewayMembers>,
        _ peers: [Decoded<PeerMembers>]
    ) -> [Cell] {
        [
            .text(gateway.name ?? "\(gateway.id)"), .status(of: gateway),
            .text(gateway.serverAddress.address), .text(gateway.endpoint),
        ]
            + activity(gateway.seenAt(among: peers), gateway.rxBytes, gateway.txBytes)
            + (isWide ? [.time(gateway.latestHandshakeAt), .text(gateway.id)] : [])
    }

    private func row(
        _ peer: Decoded<PeerMembers>,
        _ quotas: UsedUpQuotas,
        at now: Timestamp
    ) -> [Cell] {
        let connection = PeerConnection(latestHandshakeAt: peer.latestHandshakeAt, at: now)
        // A peer with a session to which packets do not get, or slowly.
        let held = connection == .connected ? quotas.effect(on: peer)?.word : nil
        return [
            .text("  " + (peer.name ?? "\(peer.id)")), held ?? .connection(connection),
            .text(peer.address), .text(peer.endpoint),
        ] + activity(peer.seenAt, peer.rxBytes, peer.txBytes)
            + (isWide ? [.time(peer.latestHandshakeAt), .text(peer.id)] : [])
    }

    private func activity(_ seen: Timestamp?, _ rx: UInt64, _ tx: UInt64) -> [Cell] {
        guard !isRoomy, let now = screen.now else {
            return [.time(seen), .bytes(rx), .bytes(tx)]
        }
        return [
            seen.map { .text(ShortText.age(of: $0, at: now)) } ?? .none,
            .text(ShortText.bytes(rx).rightAligned(to: 5)),
            .text(ShortText.bytes(tx).rightAligned(to: 5)),
        ]
    }
}

extension Cell {
    static func connection(_ connection: PeerConnection) -> Cell {
        switch connection {
        case .connected: .state(connection.rawValue, .good)
        case .silent: .state(connection.rawValue, .plain)
        // Short for a column of many rows.
        case .never: .state("never", .waiting)
        }
    }
}
