package import DataPlane
package import Logging
package import NetAddress
import ServiceLifecycle
import Synchronization
package import UnixSignals
package import WireGuardEngine

/// Carries the one gateway of a config file, and follows the file whenever SIGHUP says so.
package final class Hub: Service {
    private let file: HubConfigurationFile
    private let hangups: UnixSignalsSequence
    private let dataPlane: DataPlane
    private let bindAddress: IPAddress?
    private let logger: Logger
    private let onReady: @Sendable (_ port: UInt16) -> Void
    /// Only `run` changes it.
    private let carried: Mutex<Carried>

    /// All of a hub's traffic has one placement.
    private static let placement: UInt32 = 0

    private struct Carried {
        /// What the file said at the start, until it is carried.
        var first: HubConfiguration?
        var state = HubState()
        /// The one that is really listened on.
        var port: UInt16 = 0
    }

    /// - Parameters:
    ///   - configuration: what the file says at the start.
    ///   - hangups: trapped before the file was read, so that no later version of it is missed.
    ///   - bindAddress: where the gateway listens; nil for all addresses of the host.
    ///   - onReady: called when all peers can connect.
    package init(
        file: HubConfigurationFile,
        configuration: consuming HubConfiguration,
        hangups: UnixSignalsSequence,
        dataPlane: DataPlane,
        bindAddress: IPAddress?,
        logger: Logger,
        onReady: @escaping @Sendable (_ port: UInt16) -> Void
    ) {
        self.file = file
        self.hangups = hangups
        self.dataPlane = dataPlane
        self.bindAddress = bindAddress
        self.logger = logger
        self.onReady = onReady
        carried = Mutex(Carried(first: configuration))
    }

    /// Nil before the gateway is open. Its handle changes when it is opened anew.
    package var gateway: (handle: GatewayHandle, placement: UInt32)? {
        carried.withLock { $0.state.gateway }.map { ($0, Self.placement) }
    }

    /// Runs until it is told to shut down; then the data plane's threads have ended.
    package func run() async throws {
        defer { dataPlane.shutdown() }
        if let first = carried.withLock({ $0.first.take() }) { try await take(first) }
        onReady(carried.withLock { $0.port })
        try await cancelWhenGracefulShutdown { [self] in
            for await _ in hangups { try await reload() }
        }
    }

    /// A file that cannot be used changes nothing. Throws only when the gateway is lost.
    private func reload() async throws {
        do {
            try await take(
                try await WorkerThread.value(named: "wgw-reload") { [file] in try file.read() }
            )
        } catch let error as GatewayLost {
            throw error
        } catch is CancellationError {
            logger.warning("config file not read to its end, stopping")
        } catch {
            logger.error("config file not taken, nothing changed", metadata: ["error": "\(error)"])
        }
    }

    private func take(_ configuration: HubConfiguration) async throws {
        // Reading a large file leaves much that was needed only for that.
        defer { ProcessMemory.giveBack() }
        for remark in configuration.remarks {
            logger.warning("\(remark)", metadata: ["file": "\(file.path)"])
        }
        var (state, port) = carried.withLock { ($0.state, $0.port) }
        switch try plan(configuration, &state) {
        case .nothing:
            logger.info("config file read, nothing changed")
        case .change(let changes, let summary):
            await dataPlane.apply(changes, placement: Self.placement)
            logger.info("config file read, peers changed", metadata: summary.metadata)
        case .reopen(nil, let opening, let filling):
            port = try await open(opening, port: opening.port)
            await dataPlane.apply(filling, placement: Self.placement)
        case .reopen(let closing?, let opening, let filling):
            port = try await replace(closing, with: opening, port: port)
            await dataPlane.apply(filling, placement: Self.placement)
            logger.warning(
                "interface changed, gateway opened anew: all peers need a new handshake",
                metadata: ["port": "\(port)"]
            )
        }
        carried.withLock { $0 = Carried(state: state, port: port) }
    }

    private func plan(
        _ configuration: HubConfiguration,
        _ state: inout HubState
    ) throws(HubFileError) -> HubState.Plan {
        do throws(HubState.Failure) {
            return try state.take(configuration, lookup: NameLookup.endpoint)
        } catch {
            throw HubFileError(path: file.path, line: error.line, reason: error.reason)
        }
    }

    /// On another port the new gateway is opened first: if that fails, the present one goes on.
    private func replace(
        _ closing: GatewayHandle,
        with opening: HubState.Opening,
        port: UInt16
    ) async throws -> UInt16 {
        if opening.port != 0, opening.port != port {
            let port = try await open(opening, port: opening.port)
            await dataPlane.close(closing, placement: Self.placement)
            return port
        }
        await dataPlane.close(closing, placement: Self.placement)
        do {
            // A file without a port does not move the gateway: clients know where it is.
            return try await open(opening, port: port)
        } catch {
            throw GatewayLost(reason: "\(error)")
        }
    }

    private func open(_ opening: HubState.Opening, port: UInt16) async throws -> UInt16 {
        try await dataPlane.open(
            opening.gateway,
            opening.configuration,
            listen: ListenAddress(address: bindAddress, port: port),
            placement: Self.placement
        )
    }
}

/// The gateway was closed to be opened anew, and that failed.
private struct GatewayLost: Error, CustomStringConvertible {
    let reason: String

    var description: String { "the gateway cannot be opened again: \(reason)" }
}

extension HubState.Summary {
    fileprivate var metadata: Logger.Metadata {
        ["added": "\(added)", "removed": "\(removed)", "changed": "\(changed)"]
    }
}
