import CommandLineProgram
import GatewayDomain

/// The columns of `wgw top` in a terminal of this width.
struct TopColumns {
    private static let gap = "  "
    /// What is narrower leaves out the gateway and the address.
    private static let roomy = 100
    /// A longer name is cut, so that numbers stand near the names.
    private static let longestName = 40

    let width: Int
    let order: TopPage.Order
    let now: Timestamp
    let screen: Screen
    /// The lines of peers stand below that of the gateway, and all are of it. Of several the busiest peers come
    /// first, wherever they belong.
    let hasOneGateway: Bool

    private var isRoomy: Bool { width >= Self.roomy }
    /// What the name gets: all that the other columns leave.
    private var nameWidth: Int {
        let others = isRoomy ? [11, 16, 15, 5, 8, 8, 6, 6] : [11, 5, 8, 8, 6, 6]
        return min(max(width - others.reduce(0) { $0 + $1 + Self.gap.count }, 8), Self.longestName)
    }

    var head: String {
        let name = marked("NAME", .name).padded(to: nameWidth)
        let middle = isRoomy ? ["GATEWAY".padded(to: 16), "ADDRESS".padded(to: 15)] : []
        let numbers = [
            (marked("SEEN", .seen), 5), (marked("RX/S", .rate), 8), (marked("TX/S", .rate), 8),
            (marked("RX", .received), 6), (marked("TX", .sent), 6),
        ].map { $0.rightAligned(to: $1) }
        let cells = [name, "STATE".padded(to: 11)] + middle + numbers
        return TextStyle.head.apply(to: fitted(cells), on: screen)
    }

    func line(_ line: TopPage.Line) -> String {
        let entry = line.entry
        let state = state(entry)
        let name = name(entry)
        let middle = isRoomy ? [gateway(entry).padded(to: 16), entry.address.padded(to: 15)] : []
        let numbers = [
            (entry.lastSeen.map { ShortText.age(of: $0, at: now) } ?? "-", 5),
            (ShortText.rate(line.rate.received), 8), (ShortText.rate(line.rate.sent), 8),
            (ShortText.bytes(entry.rxBytes), 6), (ShortText.bytes(entry.txBytes), 6),
        ].map { $0.rightAligned(to: $1) }
        let styled = state.style.apply(to: state.text(at: nil).padded(to: 11), on: screen)
        let cells = [name.cut(to: nameWidth).padded(to: nameWidth), styled] + middle + numbers
        return cells.joined(separator: Self.gap)
    }

    private func name(_ entry: TopEntry) -> String {
        let name = entry.name.withoutControls
        if entry.isGateway { return name }
        if hasOneGateway { return "  " + name }
        return isRoomy ? name : "\(name) (\(gateway(entry)))"
    }

    private func fitted(_ cells: [String]) -> String {
        cells.joined(separator: Self.gap).cut(to: max(width, 1))
    }

    private func marked(_ text: String, _ column: TopPage.Order) -> String {
        column == order ? text + "▾" : text
    }

    private func gateway(_ entry: TopEntry) -> String {
        if case .peer(let gateway) = entry.kind { gateway.withoutControls.cut(to: 16) } else { "" }
    }

    private func state(_ entry: TopEntry) -> Cell {
        switch entry.kind {
        case .gateway(let status): .status(status)
        case .peer:
            .connection(PeerConnection(latestHandshakeAt: entry.latestHandshakeAt, at: now))
        }
    }
}
