import Foundation
import Testing

@testable import RateLimiting

@Suite("Rate limiter")
struct RateLimiterTests {
    private static func source(_ address: String) -> RateLimiter.Sender {
        .source(SourceNetwork(of: address))
    }

    @Test("a rate limit's bucket fills with time, and never above its size")
    func filling() {
        let limiter = RateLimiter(RateLimit(perSecond: 10, burst: 2))
        let start = ContinuousClock.now
        func take(after milliseconds: Int) -> Duration? {
            limiter.take(for: Self.source("192.0.2.1"), at: start + .milliseconds(milliseconds))
                .wait
        }
        #expect(take(after: 0) == nil)
        #expect(take(after: 0) == nil)
        #expect(take(after: 0) == .milliseconds(100))
        #expect(take(after: 50) == .milliseconds(50))
        #expect(take(after: 100) == nil)
        #expect(take(after: 100) != nil)
        for _ in 0..<2 { #expect(take(after: 60_000) == nil) }
        #expect(take(after: 60_000) != nil, "two, not six hundred")
        #expect(take(after: 0) != nil, "a clock that goes back gives nothing")
    }

    @Test("a sender is told what is left of its limit, and when all of it will be there again")
    func quota() {
        let limiter = RateLimiter(RateLimit(every: .seconds(10), burst: 3))
        let now = ContinuousClock.now
        let quotas = (0..<4).map { _ in limiter.take(for: .name("ada"), at: now) }
        #expect(quotas.map(\.limit) == [3, 3, 3, 3])
        #expect(quotas.map(\.remaining) == [2, 1, 0, 0])
        #expect(quotas.map(\.reset) == [.seconds(10), .seconds(20), .seconds(30), .seconds(30)])
        #expect(quotas.map(\.wait) == [nil, nil, nil, .seconds(10)])
    }

    @Test(
        "the rate limiter keeps a bucket of its own for each sender, whatever kind of sender it is"
    )
    func senders() {
        let limiter = RateLimiter(RateLimit(perSecond: 1, burst: 1))
        let id = UUID()
        let here = SourceNetwork(of: "192.0.2.1")
        let senders: [RateLimiter.Sender] = [
            .source(here), Self.source("192.0.2.2"), .credential(id), .credential(UUID()),
            .name("ada"), .name("eve"), .familiar(name: "ada", source: here),
        ]
        let now = ContinuousClock.now
        #expect(senders.allSatisfy { limiter.take(for: $0, at: now).wait == nil })
        #expect(senders.allSatisfy { limiter.take(for: $0, at: now).wait == .seconds(1) })
    }

    @Test("addresses of one IPv6 /64 are one sender, and an IPv4 address is one in either notation")
    func networks() {
        let network = SourceNetwork(of: "2001:db8::1")
        #expect(SourceNetwork(of: "2001:db8::ffff:1") == network)
        #expect(SourceNetwork(of: "2001:db8:0:1::1") != network)
        #expect(SourceNetwork(of: "fe80::1%eth0") == SourceNetwork(of: "fe80::2%eth1"))
        #expect(SourceNetwork(of: "::ffff:192.0.2.1") == SourceNetwork(of: "192.0.2.1"))
        #expect(SourceNetwork(of: "192.0.2.2") != SourceNetwork(of: "192.0.2.1"))
        #expect(SourceNetwork(of: "unknown") == SourceNetwork(of: ""))
    }

    @Test(
        "a flood of senders does not free one that has used up its limit, and is remembered in bounds"
    )
    func bound() {
        let limiter = RateLimiter(RateLimit(perSecond: 1, burst: 10), capacity: 100)
        let start = ContinuousClock.now
        for _ in 0..<10 { _ = limiter.take(for: .name("ada"), at: start) }
        for number in 0..<10_000 {
            _ = limiter.take(for: .name("\(number)"), at: start)
            #expect(limiter.count <= 100)
        }
        #expect(limiter.take(for: .name("ada"), at: start).wait == .seconds(1))
        #expect(limiter.take(for: .name("9999"), at: start).remaining == 8, "the newest is kept")
    }
}
