import HTTPEdge

extension LongWork {
    /// The text of `/metrics`.
    static let metrics = LongWork()
    private static let bodies = (0..<8).map { _ in LongWork() }

    /// For the bodies that come with one key or cookie. Bodies of others mostly wait in other queues; there are
    /// few queues, so that few bodies are worked on at once.
    static func bodies(of secret: String?) -> LongWork {
        bodies[Int(UInt(bitPattern: secret.hashValue) % UInt(bodies.count))]
    }
}
