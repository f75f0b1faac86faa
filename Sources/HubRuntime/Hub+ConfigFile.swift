import DataPlane
import Logging
import Synchronization
import WireGuardEngine

/// The config file: read on a thread of its own, compared with what is carried, and applied.
extension Hub {
    func startReading(_ course: inout Course) {
        course.isReadWantedAgain = course.isReading
        guard !course.isReading else { return }
        course.isReading = true
        inBackground { [file] in
            do throws(HubFileError) {
                return .fileRead(.success(try file.read()))
            } catch {
                return .fileRead(.failure(error))
            }
        }
    }

    /// A file that cannot be used changes nothing.
    func reload(
        _ result: Result<HubConfiguration, HubFileError>,
        _ course: inout Course
    ) async throws {
        do {
            let calling = try await apply(try result.get(), &course)
            await call(calling)
        } catch let error as GatewayLost {
            throw error
        } catch {
            logger.error("config file not taken, nothing changed", metadata: ["error": "\(error)"])
        }
    }

    /// - Returns: the peers to start handshakes with, since they do not know that their sessions are
    ///   gone.
    func apply(
        _ configuration: HubConfiguration,
        _ course: inout Course
    ) async throws -> [PeerHandle] {
        // Parsing a large file leaves much freed memory.
        defer { ProcessMemory.trim() }
        for remark in configuration.remarks {
            logger.warning("\(remark)", metadata: ["file": "\(file.path)"])
        }
        // Handshakes are started with peers where they were heard last.
        await collectReports(&course)
        var state = course.state
        var toBeCalled: [PeerHandle] = []
        switch state.apply(configuration, at: BootClock.moment.wall) {
        case .nothing:
            logger.info("config file read, nothing changed")
        case .change(let changes, let summary):
            await dataPlane.apply(changes, placement: Self.placement)
            logger.info("config file read, changes applied", metadata: summary.metadata)
        case .reopen(nil, let opening, let filling, let calling):
            state.opened(on: try await open(opening))
            await dataPlane.apply(filling, placement: Self.placement)
            toBeCalled = calling
        case .reopen(let closing?, let opening, let filling, let calling):
            state.opened(on: try await replace(closing, on: course.state.port, with: opening))
            await dataPlane.apply(filling, placement: Self.placement)
            toBeCalled = calling
            logger.warning(
                "config file read, key or port changed: all peers need a new handshake",
                metadata: ["port": "\(state.port)"]
            )
        }
        course.state = state
        course.hasNews = true
        openGateway.withLock { $0 = state.gateway }
        lookups.look(up: course.questions.ask(state.endpointNames))
        return toBeCalled
    }

    /// On another port the new gateway is opened first: if that fails, the present one goes on.
    private func replace(
        _ closing: GatewayHandle,
        on port: UInt16,
        with opening: HubState.Opening
    ) async throws -> UInt16 {
        if opening.port != port {
            let port = try await open(opening)
            await dataPlane.close(closing, placement: Self.placement)
            return port
        }
        await dataPlane.close(closing, placement: Self.placement)
        do {
            return try await open(opening)
        } catch {
            throw GatewayLost(reason: "\(error)")
        }
    }
}

/// The gateway was closed to be opened anew, and that failed.
private struct GatewayLost: Error, CustomStringConvertible {
    let reason: String

    var description: String { "the gateway cannot be opened again: \(reason)" }
}

extension HubState.Summary {
    fileprivate var metadata: Logger.Metadata {
        var metadata: Logger.Metadata = [
            "added": "\(added)", "removed": "\(removed)", "changed": "\(changed)",
        ]
        if isInterfaceChanged { metadata["interface"] = "changed" }
        return metadata
    }
}
