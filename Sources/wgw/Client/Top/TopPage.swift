import CommandLineProgram
import GatewayDomain
import GatewayService

/// What `wgw top` shows: a pure function of the last sample, the keys that were pressed and the size of the
/// terminal.
struct TopPage {
    /// The columns that the list is sorted by, in the order of the key `s`.
    enum Order: String, CaseIterable {
        case rate, received, sent, seen, name

        var next: Order {
            let all = Self.allCases
            guard let index = all.firstIndex(of: self) else { return .rate }
            return all[(index + 1) % all.count]
        }
    }

    struct Line: Equatable {
        let entry: TopEntry
        let rate: TopRates.Rate
    }

    private(set) var order = Order.rate
    private(set) var first = 0
    private var now = Timestamp.now()
    private var lines: [Line] = []
    /// Why there is nothing newer than what is shown.
    var trouble: String?

    /// Lines above the list, and the line of the keys below it.
    private static let frame = 4

    mutating func show(_ sample: TopSample, _ rates: [TopRates.Rate]) {
        now = sample.now
        trouble = nil
        lines = zip(sample.entries, rates).map(Line.init)
        sort()
    }

    mutating func sortByNext() {
        order = order.next
        first = 0
        sort()
    }

    mutating func move(by count: Int, height: Int) {
        first = min(max(first + count, 0), max(peers.count - room(height), 0))
    }

    func room(_ height: Int) -> Int { max(height - Self.frame - gateways.count.clamped(height), 1) }

    private var gateways: [Line] { lines.filter { $0.entry.isGateway } }
    private var peers: [Line] { lines.filter { !$0.entry.isGateway } }

    /// Equal ones stay in the order of their names, so that quiet lines do not jump.
    private mutating func sort() {
        lines.sort { a, b in
            switch order {
            case .rate where a.rate.total != b.rate.total: a.rate.total > b.rate.total
            case .received where a.entry.rxBytes != b.entry.rxBytes:
                a.entry.rxBytes > b.entry.rxBytes
            case .sent where a.entry.txBytes != b.entry.txBytes: a.entry.txBytes > b.entry.txBytes
            case .seen where a.entry.lastSeen != b.entry.lastSeen:
                (a.entry.lastSeen?.microseconds ?? 0) > (b.entry.lastSeen?.microseconds ?? 0)
            default: (a.entry.name, a.entry.id) < (b.entry.name, b.entry.id)
            }
        }
    }

    /// The screen from its first line, each line no longer than `width`.
    func text(width: Int, height: Int, on screen: Screen) -> [String] {
        let shown = Array(peers.dropFirst(first).prefix(room(height)))
        let columns = TopColumns(
            width: width,
            order: order,
            now: now,
            screen: screen,
            hasOneGateway: gateways.count == 1
        )
        let top = gateways.prefix(gateways.count.clamped(height))
        var text = [summary.cut(to: width), (trouble ?? "").cut(to: width), columns.head]
        text += top.map(columns.line) + shown.map(columns.line)
        while text.count < height - 1 { text.append("") }
        return Array(text.prefix(max(height - 1, 1))) + [keys(shown.count).cut(to: width)]
    }

    private var summary: String {
        let states = peers.map {
            PeerConnection(latestHandshakeAt: $0.entry.latestHandshakeAt, at: now)
        }
        let connected = states.count { $0 == .connected }
        let received = gateways.reduce(0) { $0 + ($1.rate.received ?? 0) }
        let sent = gateways.reduce(0) { $0 + ($1.rate.sent ?? 0) }
        return """
            wgw top   \(gateways.count) gateway\(gateways.count == 1 ? "" : "s"), \
            \(connected) of \(peers.count) peers connected   \
            received \(ShortText.rate(received)), sent \(ShortText.rate(sent))
            """
    }

    private func keys(_ shown: Int) -> String {
        let place =
            shown < peers.count ? "peers \(first + 1) to \(first + shown) of \(peers.count)   " : ""
        return "\(place)s sort (\(order.rawValue))   ↑ ↓ move   q quit"
    }
}

extension TopEntry {
    var isGateway: Bool { if case .gateway = kind { true } else { false } }
}

extension Int {
    /// Gateways take a third of the screen at most.
    fileprivate func clamped(_ height: Int) -> Int { Swift.min(self, Swift.max(height / 3, 1)) }
}

extension ShortText {
    static func rate(_ rate: Double?) -> String {
        rate.map { "\(bytes(UInt64(max($0, 0))))/s" } ?? "-"
    }
}
