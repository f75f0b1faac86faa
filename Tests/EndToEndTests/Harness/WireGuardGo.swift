import Foundation
import TestSupport

/// Debian's wireguard-go, and the device that it makes on a host.
enum WireGuardGo {
    /// Comes back when `wg` may ask for the device; throws what it said where that does not come.
    ///
    /// `wg` removes a control socket that refuses it. One refuses between its `bind` and its `listen`,
    /// so that asking with `wg show` until there is an answer takes the socket away now and then.
    ///
    /// - Parameter device: unique on this machine: the control sockets of all namespaces are in one folder.
    static func start(
        _ device: String,
        on host: Namespace,
        logs folder: URL
    ) async throws -> BackgroundProcess {
        var words = ""
        // Before it has its device, it stands still for good now and then where the machine is busy.
        for _ in 1...3 {
            let process = try BackgroundProcess(
                host.command(["env", "LOG_LEVEL=verbose", "wireguard-go", "--foreground", device]),
                logs: folder,
                name: device
            )
            let isDecided = try await eventually(within: patience / 4) {
                isListening(device) || !process.isRunning
            }
            if isDecided && process.isRunning { return process }
            process.kill()
            words = process.errors
        }
        throw Command.Failure(description: "wireguard-go did not start: \(words)")
    }

    private static func isListening(_ device: String) -> Bool {
        UnixName("/var/run/wireguard/\(device).sock").isListening
    }
}
