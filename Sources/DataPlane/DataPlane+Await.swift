import NetAddress
package import WireGuardEngine

/// The data plane's callbacks as awaitable calls for the control side: each returns when the worker
/// has done it.
extension DataPlane {
    /// The port that is listened on.
    @discardableResult
    package func open(
        _ handle: GatewayHandle,
        _ configuration: GatewayConfiguration,
        listen: ListenAddress,
        placement: UInt32
    ) async throws(DataPlaneError) -> UInt16 {
        let (openings, opening) = AsyncStream<Void>.makeStream()
        let port = try openGateway(handle, configuration, listen: listen, placement: placement) {
            opening.yield()
        }
        for await _ in openings { break }
        return port
    }

    package func close(_ handle: GatewayHandle, placement: UInt32) async {
        await withCheckedContinuation { continuation in
            closeGateway(handle, placement: placement) { continuation.resume() }
        }
    }

    package func apply(_ changes: [DataPlaneChange], placement: UInt32) async {
        await withCheckedContinuation { continuation in
            apply(changes, placement: placement) { continuation.resume() }
        }
    }
}
