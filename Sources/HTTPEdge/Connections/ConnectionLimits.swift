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
    /// For the body of a report of a node, and for a node that reads no faster than 1 kbit/s: what waits to be
    /// sent on one connection takes some minutes then.
    var slowNode = TimeAmount.minutes(15)
    /// For the next part of such a body: over the slowest line one comes every few seconds.
    var silentNode = TimeAmount.minutes(1)
    /// For a client to close its side, too, behind the last answer.
    var linger = TimeAmount.seconds(2)
}
