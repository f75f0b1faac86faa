package import DataPlane
package import Logging
package import NetAddress
import ServiceLifecycle
import Synchronization
package import UnixSignals
import WireGuardCrypto
package import WireGuardEngine

/// Carries the one gateway of a config file, and follows the file whenever SIGHUP says so.
///
/// All that changes it is one event after the other. What may wait for a disk or a name server runs
/// on a thread of its own and comes back as an event, so that signals are heard meanwhile.
package final class Hub: Service {
    private let file: HubConfigurationFile
    private let hangups: UnixSignalsSequence
    private let dataPlane: DataPlane
    private let bindAddress: IPAddress?
    private let logger: Logger
    private let onReady: @Sendable (_ port: UInt16) -> Void
    private let events: AsyncStream<Event>
    private let happened: AsyncStream<Event>.Continuation
    private let lookups: NameLookups
    private let memoryFile: RememberedPeersFile?
    /// What the file said at the start, until it is carried.
    private let first: Mutex<HubConfiguration?>
    private let openGateway = Mutex<GatewayHandle?>(nil)

    /// All of a hub's traffic has one placement.
    private static let placement: UInt32 = 0
    /// A hub that is killed knows the endpoints of a second before.
    private static let tick = Duration.seconds(1)

    enum Event: Sendable {
        case hangup
        case fileRead(Result<HubConfiguration, HubFileError>)
        case nameLookedUp(String, NameLookups.Answer)
        case memoryWritten([RememberedPeer], RememberedPeersProblem?)
        case tick
    }

    /// - Parameters:
    ///   - configuration: what the file says at the start.
    ///   - hangups: trapped before the file was read, so that no later version of it is missed.
    ///   - bindAddress: where the gateway listens; nil for all addresses of the host.
    ///   - memory: where the hub keeps what it needs to call its peers after a restart, if it may.
    ///   - onReady: called when all peers can connect.
    package init(
        file: HubConfigurationFile,
        configuration: consuming HubConfiguration,
        hangups: UnixSignalsSequence,
        dataPlane: DataPlane,
        bindAddress: IPAddress?,
        memory: RememberedPeersFile?,
        logger: Logger,
        onReady: @escaping @Sendable (_ port: UInt16) -> Void
    ) {
        self.file = file
        self.hangups = hangups
        self.dataPlane = dataPlane
        self.bindAddress = bindAddress
        self.logger = logger
        self.onReady = onReady
        memoryFile = memory
        first = Mutex(configuration)
        let (events, happened) = AsyncStream.makeStream(of: Event.self)
        self.events = events
        self.happened = happened
        lookups = NameLookups { happened.yield(.nameLookedUp($0, $1)) }
    }

    /// Nil before the gateway is open. Its handle changes when it is opened anew.
    package var gateway: (handle: GatewayHandle, placement: UInt32)? {
        openGateway.withLock { $0 }.map { ($0, Self.placement) }
    }

    /// Belongs to `run` alone, so it needs no lock.
    private struct Course {
        var state: HubState
        var questions = NameQuestions()
        var memory = PeerMemory()
        /// Something is known of the peers that was not compared with the memory yet.
        var hasNews = false
        /// A thread reads the file; what SIGHUP meant meanwhile is read afterwards.
        var isReading = false
        var isReadWantedAgain = false
        var isWriting = false
        var writeProblem: RememberedPeersProblem?
    }

    /// Runs until it is told to shut down; then the data plane's threads have ended.
    package func run() async throws {
        defer { dataPlane.shutdown() }
        var course = Course(state: HubState(remembering: remembered()))
        var calling: [PeerHandle] = []
        if let first = first.withLock({ $0.take() }) { calling = try await take(first, &course) }
        onReady(course.state.port)
        course = try await cancelWhenGracefulShutdown { [self, course, calling] in
            await call(calling)
            return try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { for await _ in self.hangups { self.happened.yield(.hangup) } }
                group.addTask {
                    while (try? await Task.sleep(for: Self.tick)) != nil {
                        self.happened.yield(.tick)
                    }
                }
                defer { group.cancelAll() }
                var course = course
                for await event in self.events { try await self.handle(event, &course) }
                return course
            }
        }
        await remember(&course)
    }

    /// Throws only when the gateway is lost.
    private func handle(_ event: Event, _ course: inout Course) async throws {
        switch event {
        case .hangup:
            startReading(&course)
        case .fileRead(let result):
            course.isReading = false
            try await reload(result, &course)
            if course.isReadWantedAgain { startReading(&course) }
        case .nameLookedUp(let name, let answer):
            await take(answer, to: name, &course)
        case .memoryWritten(let peers, let problem):
            note(problem, afterWriting: peers, &course)
        case .tick:
            lookups.look(up: course.questions.due(at: BootClock.now))
            await listen(&course)
        }
    }

    private func open(_ opening: HubState.Opening) async throws -> UInt16 {
        try await dataPlane.open(
            opening.gateway,
            opening.configuration,
            listen: ListenAddress(address: bindAddress, port: opening.port),
            placement: Self.placement
        )
    }

    private func call(_ peers: [PeerHandle]) async {
        guard !peers.isEmpty else { return }
        logger.info("calling recent peers", metadata: ["count": "\(peers.count)"])
        await dataPlane.call(peers, placement: Self.placement)
    }
}

// The config file

extension Hub {
    private func startReading(_ course: inout Course) {
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
    private func reload(
        _ result: Result<HubConfiguration, HubFileError>,
        _ course: inout Course
    ) async throws {
        do {
            let calling = try await take(try result.get(), &course)
            await call(calling)
        } catch let error as GatewayLost {
            throw error
        } catch {
            logger.error("config file not taken, nothing changed", metadata: ["error": "\(error)"])
        }
    }

    /// - Returns: the peers that do not know that their sessions are gone.
    private func take(
        _ configuration: HubConfiguration,
        _ course: inout Course
    ) async throws -> [PeerHandle] {
        // Reading a large file leaves much that was needed only for that.
        defer { ProcessMemory.giveBack() }
        for remark in configuration.remarks {
            logger.warning("\(remark)", metadata: ["file": "\(file.path)"])
        }
        // Peers that are to be called are called where they were heard last.
        await listen(&course)
        var state = course.state
        var toBeCalled: [PeerHandle] = []
        switch state.take(configuration, at: BootClock.moment.wall) {
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

// Names

extension Hub {
    private func take(
        _ answer: NameLookups.Answer,
        to name: String,
        _ course: inout Course
    ) async {
        var reason: String?
        if case .failure(let error) = answer { reason = error.reason }
        let verdict = course.questions.answered(name, failing: reason, at: BootClock.now)
        switch (verdict, answer) {
        case (.askAgain, _):
            lookups.look(up: [name])
        case (.found(let isNews), .success(let endpoint)):
            let changes = course.state.locate(name, at: endpoint, now: BootClock.moment.wall)
            await dataPlane.apply(changes, placement: Self.placement)
            if !changes.isEmpty { course.hasNews = true }
            guard isNews || !changes.isEmpty else { return }
            logger.info(
                "endpoint name found",
                metadata: [
                    "name": "\(name)", "address": "\(endpoint.host)",
                    "moved": "\(changes.count)",
                ]
            )
        case (.failed(isNews: true), .failure(let error)):
            let line = course.state.line(of: name) ?? 0
            logger.warning(
                "endpoint name not found, its peers have no address from it; trying again later",
                metadata: [
                    "at": "\(file.path):\(line)", "name": "\(name)", "reason": "\(error.reason)",
                ]
            )
        default:
            break
        }
    }
}

// What is remembered

extension Hub {
    private func remembered() -> [RememberedPeer] {
        guard let memoryFile else { return [] }
        do {
            return try memoryFile.read()
        } catch {
            logger.warning(
                "not calling recent peers, their file is ignored",
                metadata: ["file": "\(memoryFile.path)", "reason": "\(error)"]
            )
            return []
        }
    }

    /// Takes in what the workers heard, and writes it down when that is worth it.
    private func listen(_ course: inout Course) async {
        for report in await dataPlane.reports() where !report.peers.isEmpty {
            course.state.hear(report.peers)
            course.hasNews = true
        }
        // News that come while a thread writes are compared when it is done.
        guard let memoryFile, course.hasNews, !course.isWriting else { return }
        course.hasNews = false
        let peers = course.state.recentPeers(at: BootClock.moment.wall)
        guard course.memory.isNews(peers) else { return }
        course.isWriting = true
        inBackground {
            do throws(RememberedPeersProblem) {
                try memoryFile.write(peers)
                return .memoryWritten(peers, nil)
            } catch {
                return .memoryWritten(peers, error)
            }
        }
    }

    private func note(
        _ problem: RememberedPeersProblem?,
        afterWriting peers: [RememberedPeer],
        _ course: inout Course
    ) {
        course.isWriting = false
        // Also where it failed: it is tried again when there is something new, not every second.
        course.memory.wrote(peers)
        defer { course.writeProblem = problem }
        guard let problem, problem != course.writeProblem, let memoryFile else { return }
        logger.warning(
            "recent peers are not remembered, a restart will not call them",
            metadata: ["file": "\(memoryFile.path)", "reason": "\(problem)"]
        )
    }

    /// The last word before the end.
    private func remember(_ course: inout Course) async {
        for report in await dataPlane.reports() { course.state.hear(report.peers) }
        guard let memoryFile, !course.isWriting else { return }
        try? memoryFile.write(course.state.recentPeers(at: BootClock.moment.wall))
    }

    /// Runs what may take long on a thread of its own, and hands its event in.
    private func inBackground(_ work: @escaping @Sendable () -> Event) {
        do {
            try WorkerThread(named: "wgw-file", processor: nil) { [happened] in
                happened.yield(work())
            }.detach()
        } catch {
            // The system has no thread: then the hub itself waits for it.
            happened.yield(work())
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
