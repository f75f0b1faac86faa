import DataPlane
import Logging
import Synchronization
import SystemIO
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
    ) async throws -> [DesiredPeer.ID] {
        // Parsing a large file leaves much freed memory.
        defer { ProcessMemory.trim() }
        for remark in configuration.remarks {
            logger.warning("\(remark)", metadata: ["file": "\(file.path)"])
        }
        // Handshakes are started with peers where they were heard last.
        await collectReports(&course)
        let isStart = course.state.port == 0
        let now = BootClock.moment.wall
        let outcome = await dataPlane.reconcile(
            to: course.state.desired(by: configuration, at: now)
        )
        if let error = outcome.unmoved[Self.gatewayID] { throw error }
        if let error = outcome.unopened[Self.gatewayID] {
            throw isStart ? error : GatewayLost(reason: "\(error)")
        }
        let reopened = outcome.opened[Self.gatewayID]
        course.state.adopt(configuration, reopenedOn: reopened, at: now)
        course.hasNews = true
        if !isStart { log(outcome, port: reopened) }
        lookups.look(up: course.questions.ask(course.state.endpointNames))
        return outcome.recentPeers
    }

    private func log(_ outcome: Reconciliation, port: UInt16?) {
        if let port {
            logger.warning(
                "config file read, key or port changed: all peers need a new handshake",
                metadata: ["port": "\(port)"]
            )
        } else if outcome.differences == Reconciliation.Differences() {
            logger.info("config file read, nothing changed")
        } else {
            logger.info(
                "config file read, changes applied",
                metadata: outcome.differences.metadata
            )
        }
    }
}

/// The gateway was closed to be opened anew, and that failed.
private struct GatewayLost: Error, CustomStringConvertible {
    let reason: String

    var description: String { "the gateway cannot be opened again: \(reason)" }
}

extension Reconciliation.Differences {
    fileprivate var metadata: Logger.Metadata {
        var metadata: Logger.Metadata = [
            "added": "\(peersAdded)", "removed": "\(peersRemoved)", "changed": "\(peersChanged)",
        ]
        if gatewaysChanged > 0 { metadata["interface"] = "changed" }
        return metadata
    }
}
