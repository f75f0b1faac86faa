/// How long to wait before a server is asked again: longer each time, and never as long as another node does.
struct ReconnectPause {
    private static let shortest = Duration.milliseconds(250)
    private static let longest = Duration.seconds(30)

    private var base = shortest

    mutating func reset() { base = Self.shortest }

    mutating func next() -> Duration {
        defer { base = min(base * 2, Self.longest) }
        return next(Double.random(in: 0.5...1.5))
    }

    private func next(_ share: Double) -> Duration { base * share }
}
