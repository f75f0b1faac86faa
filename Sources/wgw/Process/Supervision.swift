import Foundation
import Logging
import ServiceLifecycle

/// Keeps the service manager informed, where one started this process. The service has to be the last of its
/// group, which is the first to stop: the manager hears of a stop when it begins.
struct Supervision: Service {
    /// Nil where no manager waits.
    private let socket: NotifySocket?
    private let logger: Logger
    /// Returns when everything that must not stand still has answered.
    private let pulse: @Sendable () async -> Void

    init(
        environment: [String: String] = ProcessInfo.processInfo.environment,
        logger: Logger,
        pulse: @escaping @Sendable () async -> Void
    ) {
        socket = NotifySocket(environment: environment)
        self.logger = logger
        self.pulse = pulse
    }

    /// A manager that does not hear of it ends the process or shows an old state; the log says why.
    func tell(_ message: NotifySocket.Message) {
        do throws(NotTold) {
            try socket?.tell(message)
        } catch {
            logger.warning("the service manager was not told", metadata: ["reason": "\(error)"])
        }
    }

    func run() async throws {
        await cancelWhenGracefulShutdown { await keepAlive() }
        tell(.stopping)
    }

    /// Twice in each interval of the manager's watchdog. Where the pulse stops, so do these words, and the
    /// manager starts the process anew.
    private func keepAlive() async {
        guard let interval = socket?.watchdogInterval else {
            try? await gracefulShutdown()
            return
        }
        while !Task.isCancelled {
            await pulse()
            guard !Task.isCancelled else { return }
            tell(.alive)
            try? await Task.sleep(for: interval / 2)
        }
    }
}
