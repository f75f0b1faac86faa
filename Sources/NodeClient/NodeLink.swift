import GatewayClient
package import GatewayDomain
package import Logging
import NetAddress
import NodeProtocol
import ServiceLifecycle
import Synchronization
import SystemIO

/// Keeps a node and its server in touch: follows the feed, delivers reports, renews the credential and saves what
/// the node needs to start alone. Whatever goes wrong here, the node carries packets.
package final class NodeLink: Service {
    package let feed: RemoteNodeFeed
    private let directory: NodeDirectory
    private let identity: Mutex<NodeIdentity>
    private let version: String
    private let now: @Sendable () -> Timestamp
    private let load: @Sendable () -> Int?
    private let logger: Logger
    /// Names this process to the server.
    private let session = Identifier<NodeLink>.random().description
    private let files: NodeFiles
    private let isConnected = Mutex(false)
    private let savingIdentity = Mutex(())
    private let renewing = Mutex(RenewalPause())

    /// - Parameters:
    ///   - now: the clock of the machine.
    ///   - load: how busy its processors are, in percent of all of them; nil where that is not known.
    package init(
        _ identity: NodeIdentity,
        in directory: NodeDirectory,
        version: String,
        now: @escaping @Sendable () -> Timestamp,
        load: @escaping @Sendable () -> Int?,
        logger: Logger
    ) {
        self.directory = directory
        self.identity = Mutex(identity)
        self.version = version
        self.now = now
        self.load = load
        self.logger = logger
        files = NodeFiles(in: directory, of: identity, logger: logger)
        feed = RemoteNodeFeed(files.savedFeed(), files.savedReports())
    }

    /// Whether the server is there.
    package var isUp: Bool { isConnected.withLock { $0 } }

    package func run() async throws {
        let known = identity.withLock { $0 }
        let access = ServerAccess(
            url: known.server,
            fingerprint: known.fingerprint,
            trusts: { found in self.identity.withLock { $0.trusts(found) } },
            apiKey: nil
        )
        try await GatewayClient.with(
            access,
            userAgent: "wgw-node/\(version)",
            timeLimit: NodeServer.timeLimit,
            connectLimit: NodeServer.connectLimit
        ) { client in
            let server = NodeServer(client)
            await cancelWhenGracefulShutdown {
                await withTaskGroup(of: Void.self) { group in
                    group.addTask { await self.follow(server) }
                    group.addTask { await self.deliver(server) }
                    group.addTask { await self.save() }
                    group.addTask { await self.waitForLeave() }
                }
            }
            await self.finish(server)
        }
    }

    /// The last counters before the end, which the node has reported by now.
    private func finish(_ server: NodeServer) async {
        if isUp {
            await withTaskGroup(of: Void.self) { group in
                group.addTask { _ = await self.deliverOnce(server, isBeat: false) }
                group.addTask { try? await Task.sleep(for: .seconds(2)) }
                await group.next()
                group.cancelAll()
            }
        }
        files.save(feed, withReports: true)
    }

    private func save() async {
        let clock = ContinuousClock()
        var pause = Duration.seconds(1)
        while (try? await Task.sleep(for: pause)) != nil {
            let isAlone = !isUp
            let spent = clock.measure { files.save(feed, withReports: isAlone) }
            // A large snapshot on a slow disk is written less often.
            pause = max(.seconds(1), spent * 20)
        }
    }

    /// One after the other, so that the newest is what is on disk.
    ///
    /// - Parameter next: shown from then on.
    private func saveIdentity(with next: IssuedCredential? = nil) throws {
        try savingIdentity.withLock { _ in
            var saved = identity.withLock { $0 }
            if let next { saved.credential = next }
            try saved.save(in: directory)
            if let next { identity.withLock { $0.credential = next } }
        }
    }

    /// How long a node that has something to carry waits for the server's word that it may.
    private static let patience = Duration.seconds(2)

    private func waitForLeave() async {
        guard (try? await Task.sleep(for: Self.patience)) != nil else { return }
        feed.startAlone()
    }

    private var credential: IssuedCredential { identity.withLock { $0.credential } }
}

// Down
extension NodeLink {
    private func follow(_ server: NodeServer) async {
        var pause = ReconnectPause()
        var lastReason: EndOfStream?
        while !Task.isCancelled {
            let pulse = StreamPulse()
            let reason = await reasonOfEnd(of: pulse, server)
            // At the end of the process there is one more report to deliver.
            guard !Task.isCancelled else { return }
            isConnected.withLock { $0 = false }
            if pulse.wasGreeted { pause.reset() }
            if reason.isOfAnotherMachine { feed.noteAnother() } else { feed.startAlone() }
            // What stays as it is, is told once.
            if pulse.wasGreeted || reason != lastReason {
                logger.warning(
                    "\(reason.event), and the node \(feed.mayCarry ? "goes on with what it has" : "carries nothing")",
                    metadata: ["reason": "\(reason)"]
                )
            }
            lastReason = reason
            try? await Task.sleep(for: pause.next())
        }
    }

    private func reasonOfEnd(of pulse: StreamPulse, _ server: NodeServer) async -> EndOfStream {
        do {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await self.read(server, pulse) }
                group.addTask { try await pulse.waitForSilence() }
                defer { group.cancelAll() }
                try await group.next()
            }
            return .away("the server has ended the connection")
        } catch let error as WireError {
            return .away("the server is not understood: \(error)")
        } catch ClientError.refused(let refusal) where refusal.isOfNode {
            return .turnedAway("\(refusal)", isAnother: refusal.isOfAnotherMachine)
        } catch let farewell as Farewell {
            return .sentAway("\(farewell)")
        } catch {
            return .away("\(error)")
        }
    }

    private func read(_ server: NodeServer, _ pulse: StreamPulse) async throws {
        await renewIfDue(server)
        let (node, key) = identity.withLock { ($0.nodeID, $0.privateKey) }
        let lines = try await server.showing(credential).feed(
            session,
            version: version,
            after: feed.place,
            generation: feed.generation,
            at: now()
        )
        var reader = FeedReader(of: node, key)
        var timeline = ""
        // Changes of another timeline say nothing about what the node has.
        var isInStep = false
        for try await line in lines {
            pulse.note()
            switch try reader.read(line) {
            case nil: break
            case .greeting(let greeting):
                timeline = greeting.timeline
                isInStep = feed.place?.timeline == timeline
                begin(greeting)
                pulse.noteGreeting()
            case .settings(let settings): take(settings)
            case .snapshot(let snapshot):
                feed.take(snapshot, of: timeline)
                isInStep = true
            case .changes(let news):
                guard isInStep else { throw WireError.outOfOrder("before snapshot") }
                feed.take(news)
            case .heartbeat(let revision):
                guard isInStep else { throw WireError.outOfOrder("before snapshot") }
                feed.takeHeartbeat(revision)
            case .farewell(let code, let detail): throw Farewell(code: code, detail: detail)
            }
        }
    }

    private func begin(_ greeting: FeedGreeting) {
        feed.take(greeting)
        take(greeting.settings)
        feed.start()
        isConnected.withLock { $0 = true }
        logger.info("the server is there", metadata: ["node": "\(greeting.settings.name)"])
        let ahead = (now().microseconds - greeting.time.microseconds) / 1_000_000
        if ahead.magnitude > Self.mostSecondsApart {
            logger.warning(
                "the clock of this machine is not the server's; set one of them right",
                metadata: ["seconds_ahead": "\(ahead)"]
            )
        }
    }

    private func take(_ settings: NodeSettings) {
        feed.take(settings)
        guard let announced = settings.certificate.flatMap({ CertificateFingerprint($0) }) else {
            return
        }
        guard identity.withLock({ $0.follow(announced) }) else { return }
        do {
            try saveIdentity()
            logger.info("the server has another certificate", metadata: ["sha256": "\(announced)"])
        } catch {
            logger.error(
                "the server's next certificate cannot be kept; at its next start the node does not trust it",
                metadata: ["reason": "\(error)"]
            )
        }
    }

    /// More than the way takes.
    private static let mostSecondsApart: UInt64 = 60

    private func renewIfDue(_ server: NodeServer) async {
        let old = credential
        guard now() >= old.renewsAt, renewing.withLock({ $0.begins(at: .now) }) else { return }
        var isRenewed = false
        defer { renewing.withLock { $0.noteEnd(at: .now, isRenewed: isRenewed) } }
        do {
            let next = try await server.showing(old).renewCredential(of: session)
            // Before it is shown, since the old one ends with that.
            try saveIdentity(with: next)
            isRenewed = true
            logger.info("the server has given this node its next credential")
        } catch {
            // The old one is valid for a third of its life yet.
            logger.warning(
                "the node has not got its next credential",
                metadata: ["reason": "\(error)", "ends": "\(old.expiresAt)"]
            )
        }
    }
}

/// The server has told this node to go.
private struct Farewell: Error, CustomStringConvertible {
    let code: String
    let detail: String

    var description: String { "\(detail) (\(code))" }
}

/// Why the stream from the server has ended.
private enum EndOfStream: Equatable, CustomStringConvertible {
    case away(String)
    case turnedAway(String, isAnother: Bool)
    case sentAway(String)

    var isOfAnotherMachine: Bool {
        if case .turnedAway(_, let isAnother) = self { isAnother } else { false }
    }

    var event: String {
        switch self {
        case .away: "the server is away"
        case .turnedAway: "the server turns this node away"
        case .sentAway: "the server has ended the connection"
        }
    }

    var description: String {
        switch self {
        case .away(let reason), .turnedAway(let reason, _), .sentAway(let reason): reason
        }
    }
}

// Up
extension NodeLink {
    private static let interval = Duration.milliseconds(500)
    /// The server hears of the node at least as often, or takes it to be away.
    private static let longestPause = Duration.seconds(10)
    /// The pause after a report is at least this many times as long as the report took: over a slow line reports
    /// become rarer and larger.
    private static let pauseFactor = 4

    private func deliver(_ server: NodeServer) async {
        let clock = ContinuousClock()
        var pause = Self.interval
        var nextBeat = clock.now
        while (try? await Task.sleep(for: pause)) != nil {
            pause = Self.interval
            guard isUp else { continue }
            let isBeat = clock.now >= nextBeat
            var outcome = Delivery.nothing
            let spent = await clock.measure { outcome = await deliverOnce(server, isBeat: isBeat) }
            if outcome != .nothing { nextBeat = clock.now + Self.longestPause }
            pause = min(max(Self.interval, spent * Self.pauseFactor), Self.longestPause)
            // The stream tells why, if there is a reason that lasts.
            if outcome == .failed { pause = max(pause, .seconds(2)) }
            await renewWhileConnected(server)
        }
    }

    private enum Delivery {
        case nothing
        case arrived
        case failed
    }

    private func deliverOnce(_ server: NodeServer, isBeat: Bool) async -> Delivery {
        let report = feed.nextReport(
            at: now(),
            isBeat: isBeat,
            loadPercent: load(),
            hasAddress: isBeat ? hasAddress : nil
        )
        guard let report else { return .nothing }
        // Before it is sent: were the process killed behind that, the next one has to send the same again.
        if !report.content.peers.isEmpty { files.saveReports(of: feed) }
        do {
            let answer = try await server.showing(credential).deliver(report, of: session)
            feed.noteArrival(of: report.number, answer.uses, at: now())
            return .arrived
        } catch ClientError.refused(let refusal) where refusal.isOfSize {
            // Also of something in front of the server, which lets less through.
            feed.noteTooLarge(report.number)
            return .failed
        } catch {
            logger.debug("report not delivered", metadata: ["reason": "\(error)"])
            return .failed
        }
    }

    /// Whether this machine has the address at which its gateways are found; nil where that is a name.
    private var hasAddress: Bool? {
        feed.settings?.publicAddress.map { InterfaceNames.name(having: .v4($0)) != nil }
    }

    private func renewWhileConnected(_ server: NodeServer) async {
        guard isUp else { return }
        await renewIfDue(server)
    }
}
