import DataPlane
import NetAddress
import WireGuardEngine

/// The data plane's callbacks as awaitable calls: each returns when the worker has done it.
extension DataPlane {
    func open(
        _ handle: GatewayHandle,
        _ configuration: GatewayConfiguration,
        listen: ListenAddress,
        placement: UInt32
    ) async throws(DataPlaneError) {
        let result: Result<Void, DataPlaneError> = await withCheckedContinuation { continuation in
            do throws(DataPlaneError) {
                _ = try openGateway(
                    handle,
                    configuration,
                    listen: listen,
                    placement: placement
                ) { continuation.resume(returning: .success(())) }
            } catch {
                continuation.resume(returning: .failure(error))
            }
        }
        try result.get()
    }

    func close(_ handle: GatewayHandle, placement: UInt32) async {
        await withCheckedContinuation { continuation in
            closeGateway(handle, placement: placement) { continuation.resume() }
        }
    }

    func apply(_ changes: [DataPlaneChange], placement: UInt32) async {
        await withCheckedContinuation { continuation in
            apply(changes, placement: placement) { continuation.resume() }
        }
    }
}
