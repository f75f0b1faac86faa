/// The initiator's side of §5.4.7: what a peer under load has given us to prove our address with.
struct ReceivedCookie {
    private let value: Digest16
    let receivedAt: Instant

    init(_ value: Digest16, at now: Instant) {
        self.value = value
        receivedAt = now
    }

    /// Nil once it is too old to be valid on arrival.
    func value(at now: Instant) -> Digest16? {
        now.since(receivedAt) + Constant.cookieLatency < Constant.cookieLifetime ? value : nil
    }
}
