import GatewayService
import Logging
import ServiceLifecycle
import Synchronization

/// Follows what other servers on the database commit, and lets them know that this one lives.
struct OtherServers: Service {
    let controlPlane: ControlPlane
    /// Yields when others may have committed something; nil where nothing tells.
    let hints: AsyncStream<Void>?
    let logger: Logger

    func run() async throws {
        await cancelWhenGracefulShutdown {
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await follow() }
                group.addTask { await live() }
            }
        }
        try? await controlPlane.endLife()
    }

    private func follow() async {
        let isAway = Mutex(false)
        await controlPlane.followOtherServers(hints: hints) { error in
            let isNews = isAway.withLock { isAway in
                defer { isAway = error != nil }
                return isAway != (error != nil)
            }
            guard isNews else { return }
            if let error {
                logger.warning(
                    "changes of other servers cannot be read",
                    metadata: ["reason": "\(error)"]
                )
            } else {
                logger.notice("changes of other servers are read again")
            }
        }
    }

    private func live() async {
        while !Task.isCancelled {
            do {
                try await controlPlane.prolongLife()
            } catch {
                controlPlane.giveNodesAway(after: error)
                // `StorageWatch` says why nothing can be stored.
                logger.debug("lease not prolonged", metadata: ["reason": "\(error)"])
            }
            try? await Task.sleep(for: ServerID.renewalInterval)
        }
    }
}
