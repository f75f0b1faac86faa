import APIContract
import CommandLineProgram
import GatewayDomain
import Testing

@testable import wgw

struct TopPageTests {
    private static let start = ContinuousClock.now
    private static let now = Timestamp(microseconds: 1_000_000_000_000_000)
    private static let screen = Screen(isTerminal: true, width: 80, hasColors: false)

    private static func sample(at seconds: Int, _ entries: [TopEntry]) -> TopSample {
        TopSample(time: start + .seconds(seconds), now: now, entries: entries)
    }

    private static func peer(
        _ name: String,
        _ rx: UInt64,
        _ tx: UInt64 = 0,
        of gateway: String = "office",
        handshake: Int64? = nil
    ) -> TopEntry {
        TopEntry(
            id: name,
            name: name,
            kind: .peer(gateway: gateway),
            latestHandshakeAt: handshake.map { now.advanced(bySeconds: -$0) },
            lastSeen: handshake.map { now.advanced(bySeconds: -$0 / 2) },
            rxBytes: rx,
            txBytes: tx
        )
    }

    private static func gateway(
        _ rx: UInt64,
        _ tx: UInt64,
        name: String = "office"
    ) -> TopEntry {
        TopEntry(
            id: name,
            name: name,
            kind: .gateway(.known(.provisioned)),
            address: "172.27.0.1",
            rxBytes: rx,
            txBytes: tx
        )
    }

    @Test("rates are differences of counters over the time between, and never negative")
    func rates() {
        var rates = TopRates()
        let first = rates.take(Self.sample(at: 0, [Self.peer("a", 100), Self.peer("b", 900)]))
        #expect(first.allSatisfy { $0.received == nil && $0.sent == nil })
        let second = rates.take(
            Self.sample(at: 4, [Self.peer("a", 500, 40), Self.peer("b", 0), Self.peer("c", 7)])
        )
        #expect(second.map(\.received) == [100, 0, nil])
        #expect(second.map(\.sent) == [10, 0, nil])
    }

    @Test("the busiest peers stand first, and equal ones in the order of their names")
    func order() {
        var page = Self.page([("c", 5), ("a", 0), ("b", 900), ("d", 5)], height: 24)
        #expect(Self.names(page) == ["b", "c", "d", "a"])
        var orders = [page.order]
        for _ in 1..<TopPage.Order.allCases.count {
            page.sortByNext()
            orders.append(page.order)
        }
        #expect(orders == [.rate, .received, .sent, .seen, .name])
        #expect(Self.names(page) == ["a", "b", "c", "d"])
    }

    @Test("a page is as high as the terminal and no wider, whatever its size is")
    func sizes() {
        let peers = (0..<50).map { ("a peer with a name that is rather long \($0)", $0) }
        for (width, height) in [(80, 24), (200, 60), (100, 10), (64, 5), (80, 3)] {
            let page = Self.page(peers, height: height)
            let text = page.text(width: width, height: height, on: Self.screen)
            #expect(text.count == height, "\(width) × \(height)")
            #expect(text.allSatisfy { $0.displayWidth <= width }, "\(width) × \(height)")
        }
    }

    @Test("the list moves no further than its ends, also when the terminal becomes higher")
    func moving() {
        var page = Self.page((0..<40).map { ("p\($0)", 0) }, height: 24)
        page.move(by: -5, height: 24)
        #expect(page.first == 0)
        page.move(by: 1_000, height: 24)
        #expect(page.first == 40 - page.room(24))
        page.move(by: 0, height: 60)
        #expect(page.first == 0)
    }

    @Test("a page of 80 columns has states, ages, rates and sums")
    func golden() {
        var page = TopPage()
        var rates = TopRates()
        let entries = { (factor: UInt64) in
            [
                Self.gateway(3_000 * factor, 1_500_000 * factor),
                Self.peer("laptop", 2_000 * factor, 1_500_000 * factor, handshake: 12),
                Self.peer("phone", 1_000, 10, handshake: 4_000), Self.peer("tv", 0),
            ]
        }
        _ = rates.take(Self.sample(at: 0, entries(1)))
        let sample = Self.sample(at: 2, entries(3))
        page.show(sample, rates.take(sample))
        #expect(
            page.text(width: 80, height: 9, on: Self.screen).joined(separator: "\n") == """
                wgw top   1 gateway, 1 of 3 peers connected   received 2.9K/s, sent 1.4M/s

                NAME                      STATE         SEEN     RX/S▾     TX/S▾      RX      TX
                office                    provisioned      -    2.9K/s    1.4M/s    8.8K    4.3M
                  laptop                  connected       6s    2.0K/s    1.4M/s    5.9K    4.3M
                  phone                   silent         33m       0/s       0/s    1.0K      10
                  tv                      never            -       0/s       0/s       0       0

                s sort (rate)   ↑ ↓ move   q quit
                """
        )
    }

    @Test("where there are several gateways, a peer tells which one is its own")
    func gateways() {
        var page = TopPage()
        var rates = TopRates()
        let sample = Self.sample(
            at: 0,
            [
                Self.gateway(0, 0), Self.gateway(0, 0, name: "lab"), Self.peer("tv", 0),
                Self.peer("laptop", 0, of: "lab"),
            ]
        )
        page.show(sample, rates.take(sample))
        func names(_ width: Int) -> [String] {
            page.text(width: width, height: 9, on: Self.screen)[3..<7].map {
                String($0.prefix(24)).trimmingSpaces
            }
        }
        #expect(names(80) == ["lab", "office", "laptop (lab)", "tv (office)"])
        #expect(names(120) == ["lab", "office", "laptop", "tv"])
    }

    @Test("keys are known in both spellings that terminals have, and other bytes are passed over")
    func keys() {
        func keys(_ text: String) -> [FullScreen.TopKey] { FullScreen.keys(Array(text.utf8)[...]) }
        #expect(keys("q") == [.quit])
        #expect(keys("\u{03}") == [.quit])
        #expect(keys("sS") == [.sort, .sort])
        #expect(keys("\u{1B}[A\u{1B}OB\u{1B}[5~\u{1B}[6~") == [.up, .down, .pageUp, .pageDown])
        #expect(keys("xyz\u{1B}[3~é") == [])
    }

    private static func page(_ peers: [(String, Int)], height: Int) -> TopPage {
        var page = TopPage()
        var rates = TopRates()
        let entries = { (factor: UInt64) in
            [gateway(0, 0)] + peers.map { peer($0.0, UInt64($0.1) * factor) }
        }
        _ = rates.take(sample(at: 0, entries(0)))
        let last = sample(at: 1, entries(1))
        page.show(last, rates.take(last))
        return page
    }

    private static func names(_ page: TopPage) -> [String] {
        page.text(width: 80, height: 24, on: screen).dropFirst(4).compactMap {
            $0.split(separator: " ").first.map(String.init)
        }
        .filter { $0.count == 1 && $0 != "s" }
    }
}

extension String {
    fileprivate var trimmingSpaces: String {
        var text = self
        while text.last == " " { text.removeLast() }
        return text
    }
}
