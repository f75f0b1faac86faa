import DataPlane
import Logging
import NetAddress
import ServiceLifecycle
import UnixSignals
import WireGuardCrypto

/// What the processes that carry packets have in common, from the first signal to the last line of the log.
struct CarrierProcess {
    let sighups: UnixSignalsSequence
    let logger: Logger
    private let log: LineWriter

    /// Comes before any file is read, so that a SIGHUP after a change of that file is not lost.
    init(logLevel: Logger.Level) async throws {
        sighups = await ProcessSignals.prepare()
        let log = try StructuredLog.standardErrorWriter()
        self.log = log
        logger = Logger(label: "wgw") { _ in StructuredLog(level: logLevel, writer: log) }
    }

    /// To be called when all has stopped: the last lines are written.
    func end() { log.close(within: StructuredLog.lastPatience) }

    /// - Parameters:
    ///   - sockets: how many of them gateways may have together.
    ///   - mark: of the packets that the sockets send; 0 for none.
    ///   - udpGSO: whether batches are left to the kernel; nil where that needs no look.
    ///   - bindAddress: where gateways listen; nil for every address of the host.
    func makeDataPlane(
        workers: Int,
        pinning: Pinning = .whenSeveral,
        sockets: Int,
        mark: UInt32 = 0,
        udpGSO: BatchSending? = nil,
        bindAddress: IPAddress? = nil
    ) throws -> DataPlane {
        // Before a worker makes a session.
        Cipher.choose(logger: logger)
        return try DataPlane(
            workers: workers,
            pinning: pinning,
            mostSockets: sockets,
            mark: mark,
            isSegmenting: udpGSO?.isOn(for: bindAddress, logger: logger) ?? true
        )
    }

    /// Returns after SIGTERM or SIGINT, when all services have stopped, the last one first.
    ///
    /// - Parameter patience: how long they may take.
    func run(_ services: [any Service], stoppingWithin patience: Duration) async throws {
        var group = ServiceGroupConfiguration(
            services: services,
            gracefulShutdownSignals: [.sigterm, .sigint],
            logger: logger
        )
        group.maximumGracefulShutdownDuration = patience
        try await ServiceGroup(configuration: group).run()
    }
}
