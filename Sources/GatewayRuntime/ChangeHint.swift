import GatewayService

/// The control plane's way to wake the node: "something changed", and nothing more. What changed
/// is read from the feed, so a hint that is lost or doubled does no harm.
package struct ChangeHint: DataPlaneControl {
    private let continuation: AsyncStream<Void>.Continuation
    /// For the one node that listens; several hints that wait are one.
    let hints: AsyncStream<Void>

    package init() {
        (hints, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    package func stateChanged() {
        continuation.yield()
    }
}
