import Foundation
import Testing

@testable import HTTPEdge

@Suite("Rate limiter")
struct RateLimiterTests {
    @Test("a rate limit's bucket fills with time, and never above its size")
    func filling() {
        let limiter = RateLimiter(RateLimit(perSecond: 10, burst: 2))
        let sender = RateLimiter.Sender.source("192.0.2.1")
        let start = ContinuousClock.now
        func take(after milliseconds: Int) -> Duration? {
            limiter.take(for: sender, at: start + .milliseconds(milliseconds)).wait
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

    @Test(
        "the rate limiter keeps a bucket of its own for each sender, whatever kind of sender it is"
    )
    func senders() {
        let limiter = RateLimiter(RateLimit(perSecond: 1, burst: 1))
        let id = UUID()
        let senders: [RateLimiter.Sender] = [
            .source("192.0.2.1"), .source("192.0.2.2"), .credential(id), .credential(UUID()),
        ]
        let now = ContinuousClock.now
        #expect(senders.map { limiter.take(for: $0, at: now).wait } == [nil, nil, nil, nil])
        #expect(limiter.take(for: .credential(id), at: now).wait == .seconds(1))
    }
}
