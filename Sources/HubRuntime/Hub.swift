package import DataPlane
package import Logging
package import NetAddress
import ServiceLifecycle
import Synchronization
import SystemIO
package import UnixSignals
import WireGuardCrypto
import WireGuardEngine

/// Carries the one gateway of a config file, and follows the file whenever SIGHUP says so.
///
/// Its state changes in one loop over events. Work that may block on a disk or a name server runs on
/// a thread of its own and comes back as an event, so that signals are handled meanwhile.
package final class Hub: Service {
    let file: HubConfigurationFile
    private let sighups: UnixSignalsSequence
    let dataPlane: DataPlane
    let bindAddress: IPAddress?
    let logger: Logger
    private let onReady: @Sendable (_ port: UInt16) -> Void
    private let events: AsyncStream<Event>
    private let happened: AsyncStream<Event>.Continuation
    let lookups: NameLookups
    let memoryFile: RememberedPeersFile?
    let role: HubRole
    /// The configuration of the start; nil once it is applied.
    private let first: Mutex<HubConfiguration?>

    /// How often names and reports are looked at: a hub that is killed loses at most this much.
    private static let tick = Duration.seconds(1)

    enum Event: Sendable {
        case sighup
        case fileRead(Result<HubConfiguration, HubFileError>)
        case nameLookedUp(String, NameLookups.Answer)
        case memoryWritten([RememberedPeer], RememberedPeersError?)
        case tick
    }

    /// - Parameters:
    ///   - configuration: what the file says at the start.
    ///   - sighups: trapped before the file was read, so that no later version of it is missed.
    ///   - bindAddress: where the gateway listens; nil for all addresses of the host.
    ///   - role: whose packets it carries.
    ///   - memory: where the hub keeps what it needs to call its peers after a restart, if it may.
    ///   - onReady: called when all peers can connect.
    package init(
        file: HubConfigurationFile,
        configuration: consuming HubConfiguration,
        sighups: UnixSignalsSequence,
        dataPlane: DataPlane,
        bindAddress: IPAddress?,
        role: HubRole = .router,
        memory: RememberedPeersFile?,
        logger: Logger,
        onReady: @escaping @Sendable (_ port: UInt16) -> Void
    ) {
        self.file = file
        self.sighups = sighups
        self.dataPlane = dataPlane
        self.bindAddress = bindAddress
        self.logger = logger
        self.onReady = onReady
        self.role = role
        memoryFile = memory
        first = Mutex(configuration)
        let (events, happened) = AsyncStream.makeStream(of: Event.self)
        self.events = events
        self.happened = happened
        lookups = NameLookups { happened.yield(.nameLookedUp($0, $1)) }
    }

    /// Of the one gateway that a hub has.
    package static var gatewayID: DesiredGateway.ID { HubState.gatewayID }

    /// Belongs to `run` alone, so it needs no lock.
    struct Course {
        var state: HubState
        var questions = NameQuestions()
        var memory = PeerMemory()
        /// When names were looked up last because a peer was silent.
        var askedForSilent: Instant?
        /// Peers were heard or moved since `memory` was last asked.
        var hasNews = false
        /// A thread reads the file; a SIGHUP meanwhile makes it read once more afterwards.
        var isReading = false
        var isReadWantedAgain = false
        var isWriting = false
        var writeError: RememberedPeersError?
    }

    /// Runs until it is told to shut down; then the data plane's threads have ended.
    package func run() async throws {
        defer { dataPlane.shutdown() }
        let first = first.withLock { $0.take() }
        var course = Course(
            state: HubState(
                bindAddress: bindAddress,
                localDelivery: role.localDelivery,
                remembering: role.starts(with: first) ?? remembered()
            )
        )
        var calling: [DesiredPeer.ID] = []
        if let first { calling = try await apply(first, &course) }
        if case .client(let device, _, _) = role {
            await dataPlane.attach(device, of: Self.gatewayID)
        }
        onReady(course.state.port)
        course = try await cancelWhenGracefulShutdown { [self, course, calling] in
            await call(calling)
            return try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { for await _ in self.sighups { self.happened.yield(.sighup) } }
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
        await rememberAtTheEnd(&course)
    }

    /// Throws only `GatewayLost`.
    private func handle(_ event: Event, _ course: inout Course) async throws {
        switch event {
        case .sighup:
            switch role {
            case .router: startReading(&course)
            // What the machine has of the file, addresses and routes, would not follow.
            case .client: askForNames(&course)
            }
        case .fileRead(let result):
            course.isReading = false
            try await reload(result, &course)
            if course.isReadWantedAgain { startReading(&course) }
        case .nameLookedUp(let name, let answer):
            await apply(answer, to: name, &course)
        case .memoryWritten(let peers, let problem):
            finishWriting(peers, problem, &course)
        case .tick:
            lookups.look(up: course.questions.due(at: BootClock.now))
            await collectReports(&course)
            if case .client = role { askForSilentPeers(&course) }
        }
    }

    func call(_ peers: [DesiredPeer.ID]) async {
        guard !peers.isEmpty else { return }
        logger.info("calling recent peers", metadata: ["count": "\(peers.count)"])
        await dataPlane.call(peers)
    }

    /// Runs work that may block on a thread of its own; its event is handled like all others.
    func inBackground(_ work: @escaping @Sendable () -> Event) {
        do {
            try WorkerThread(named: "wgw-file", processor: nil) { [happened] in
                happened.yield(work())
            }.detach()
        } catch {
            // The system refused a thread: then the hub itself waits for the work.
            happened.yield(work())
        }
    }
}
