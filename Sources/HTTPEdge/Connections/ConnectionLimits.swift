import NIOCore

/// How long a connection may stay in each of its phases.
struct ConnectionLimits: Sendable {
    /// For the first request of a connection, its TLS handshake included.
    var firstRequest = TimeAmount.seconds(10)
    /// For the body of a request, from the end of its head.
    var body = TimeAmount.seconds(20)
    /// For the next request, from the end of an answer.
    var idle = TimeAmount.seconds(60)
    /// For a client that does not read what it asked for.
    var stalledAnswer = TimeAmount.seconds(30)
    /// For a client to close its side, too, behind the last answer.
    var linger = TimeAmount.seconds(2)
}
