import APIContract

/// How long to wait before a request is sent again, and whether it is sent again at all.
struct RetryPause {
    /// Where the server does not say how long to wait.
    private var unasked = Duration.milliseconds(100)
    /// Attempts after a lost connection or a failing server. A server that asks for patience is waited for as
    /// long as the time limit of the request allows.
    private var left = 3

    /// Nil for an outcome that is final.
    mutating func next(after outcome: ClientError, of call: APICall) -> Duration? {
        switch outcome {
        case .refused(let refusal) where refusal.status == 429:
            return .seconds(max(refusal.retryAfter ?? 1, 1))
        // The first request with this key is still being carried out.
        case .refused(let refusal) where refusal.has(.beingProcessed):
            return backOff()
        case .refused(let refusal) where refusal.status == 503 && call.isRepeatable:
            return backOff()
        case .uncertain where call.isRepeatable:
            return backOff()
        default:
            return nil
        }
    }

    private mutating func backOff() -> Duration? {
        guard left > 0 else { return nil }
        left -= 1
        defer { unasked = unasked * 3 }
        return unasked
    }
}
