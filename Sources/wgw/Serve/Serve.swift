import APIContract
import CommandLineProgram
import Foundation
import GatewayAPI
import GatewayClient
import GatewayDomain
import GatewayService
import GatewayStore
import Glibc
import HTTPEdge
import Logging
import NetAddress
import NodeAPI
import Portal
import RateLimiting
import ServiceLifecycle
import WebhookClient

/// The composition root: the one place that knows every module. What a part needs is given to it
/// here; nothing finds another by itself.
struct Serve {
    let configuration: ServeConfiguration

    /// Returns after SIGTERM or SIGINT, when everything has stopped.
    func run() async throws {
        let process = try await CarrierProcess(logLevel: configuration.logLevel)
        defer { process.end() }
        let logger = process.logger
        let descriptors = try FileDescriptors(
            limit: OpenFileLimit.raise(),
            processors: ProcessInfo.processInfo.processorCount,
            workers: configuration.workers
        )

        if configuration.apiKey?.isInOptions == true {
            logger.warning(
                """
                \(Settings.apiKey.entry.option) shows the key to every user of this machine, in the list of processes; \
                give \(Settings.apiKeyFile.entry.option) or \(Settings.apiKey.entry.variable) instead
                """
            )
        }

        // Certificate, key and a given master key are read before the data directory is touched, so
        // that a start that fails here leaves no file behind.
        try checkFirstStart()
        let tls = try configuration.tls.map {
            try TLSFiles(certificatePath: $0.certificate, keyPath: $0.key)
        }
        tls?.warn(logger)
        let givenMasterKey = try configuration.masterKey.map { try MasterKey(given: $0) }
        let store = try openStore()
        defer { store.end() }
        if let snapshot = store.snapshot {
            logger.notice(
                "the database was copied, and brought to this version",
                metadata: ["copy": "\(snapshot)"]
            )
        }
        store.damage.onEach { row in
            logger.error(
                "a row of the database cannot be used and is left out",
                metadata: [
                    "table": "\(row.table)", "id": "\(row.id)", "column": "\(row.column)",
                ]
            )
        }
        var settings = InstallationSettings(
            regions: [configuration.region],
            publicHost: configuration.publicHost,
            portRange: configuration.portRange,
            defaultPersistentKeepalive: configuration.persistentKeepalive,
            privateServices: configuration.privateServices,
            egressPool: configuration.egressPool,
            limits: configuration.limits,
            eventDays: configuration.eventDays,
            usageHourDays: configuration.usageHourDays,
            usageDays: configuration.usageDays
        )
        settings.prices = configuration.prices
        settings.webhookTargets = configuration.webhookTargets
        settings.hasEmbeddedNode = configuration.database == nil
        settings.publicAddresses = await PublicAddressLookup.addresses(of: configuration.publicHost)
        let masterKeyFile = configuration.dataDirectory + "/master-key"
        let hasMasterKey = givenMasterKey != nil || access(masterKeyFile, F_OK) == 0
        let publicURL = configuration.publicURL.flatMap { try? WebhookURL($0) }
        let ownHosts =
            [configuration.publicHost]
            + [publicURL.flatMap { PublicHost($0.host) }].compactMap(\.self)
        let ownAddresses = OwnAddresses(
            known: settings.publicAddresses.flatMap { addresses in
                addresses.isEmpty ? nil : [configuration.publicHost: addresses.map { .v4($0) }]
            } ?? [:]
        ) {
            try await ownHosts + store.read { db in try Nodes.all(db) }.map(\.host)
        }
        let webhookSender = WebhookSender(
            targets: configuration.webhookTargets,
            userAgent: "wgw/\(ProgramVersion.current.number)",
            isOwn: ownAddresses.contains
        )
        let controlPlane = ControlPlane(
            store: store,
            settings: settings,
            masterKey: try MasterKey.load(
                directory: configuration.dataDirectory,
                given: givenMasterKey,
                isNewInstallation: try await !ControlPlane.isPrepared(store),
                isShared: configuration.database != nil
            ),
            journalText: { $0.journalText },
            server: configuration.database == nil ? nil : .random(),
            webhooks: WebhookPorts(
                text: \.text,
                send: webhookSender.send,
                tell: { $0.log(logger) }
            )
        )
        store.onPooler {
            logger.notice(
                "the database is reached through a pooler; changes of other servers are noticed within a second"
            )
        }
        store.onLoss {
            logger.warning(
                """
                the database may have lost its last changes, as by the promotion of a replica that had not received them: a new \
                timeline has begun, nodes get everything anew, and followers of changes have to begin anew
                """
            )
        }
        let keyFile = APIKeyFile(directory: configuration.dataDirectory)
        let installation: PreparedInstallation
        do {
            installation = try await prepare(controlPlane, keyFile: keyFile)
        } catch MasterKeyError.differsFromOthers {
            // Another server was the first one meanwhile, and this one's new key is of no use.
            if !hasMasterKey { unlink(masterKeyFile) }
            throw MasterKeyError.differsFromOthers
        }
        for notice in installation.notices { logger.warning("\(notice)") }
        let isForTerminal = isatty(STDOUT_FILENO) == 1
        let signInCode = try await isForTerminal ? controlPlane.makeFirstSignInCode() : nil

        let embedded =
            configuration.database == nil
            ? try EmbeddedNode(
                configuration,
                in: process,
                sockets: descriptors.gatewaySockets,
                feed: controlPlane.nodeFeed,
                logger: logger
            ) : nil
        let connections = ConnectionTable(maximum: descriptors.connections)
        let fingerprint: @Sendable () -> CertificateFingerprint? = {
            tls.map { CertificateFingerprint(ofDER: $0.certificate) }
        }
        let certificate: @Sendable () -> String? = { fingerprint()?.digits }
        let api = APIRouter(
            controlPlane: controlPlane,
            program: .current,
            connections: connections,
            limiter: configuration.rateLimit.map { RateLimiter($0) },
            readiness: Readiness([
                { embedded?.isReady ?? true ? nil : "The gateways are still being set up." },
                { store.trouble?.description },
                { controlPlane.isUpToDate ? nil : "Changes of other servers cannot be read." },
            ]),
            showsPeers: configuration.showsPeers,
            linkBase: configuration.publicURL.map { .given($0) } ?? .ofRequest,
            certificate: certificate,
            client: FindClient(isTLS: tls != nil, proxies: configuration.trustedProxies),
            pages: LinkPages(share: SharePage.text, errors: ErrorPage.response),
            metrics: {
                [ProgramVersion.current.family] + (embedded?.metrics ?? [])
                    + store.families + controlPlane.familiesOfOthers
            }
        )
        let portal = Portal(controlPlane: controlPlane)
        let nodes = NodeAPI(
            controlPlane: controlPlane,
            connections: connections,
            certificate: certificate
        )
        let running = RunningServerFile(
            directory: configuration.dataDirectory,
            fingerprint: fingerprint,
            logger: logger
        )
        defer { running.remove() }
        let supervision = Supervision(logger: logger) { await embedded?.heartbeat() }
        let listener = try Listener(
            router: api.router { portal.routes($0).adding(nodes.routes) },
            host: configuration.listen.host,
            port: Int(configuration.listen.port),
            tls: tls,
            connections: connections,
            writeRefusal: APIRouter.write,
            logger: logger
        ) { port in
            let url = configuration.localURL(port: port)
            // Of a link-local address, which has an interface behind it, there is no URL.
            if let url = ServerURL(url) {
                running.write(url: url, apiKeyFile: configuration.keyPath(keyFile))
            }
            let greeting = Greeting(
                configuration: configuration,
                madeKey: installation.madeKey,
                isForTerminal: isForTerminal,
                keyFile: keyFile,
                signInCode: signInCode?.code,
                url: url,
                fingerprint: fingerprint()
            )
            OutputFile.standardOutput.greet(greeting.text, logger: logger)
            supervision.tell(.ready(status: greeting.status))
        }
        let housekeeping = Housekeeping(controlPlane: controlPlane, logger: logger)
        let webhooks = WebhookService(controlPlane: controlPlane, logger: logger)
        let reload = Reload(
            tls: tls,
            onChange: { running.followCertificate() },
            sighups: process.sighups,
            supervision: supervision,
            logger: logger
        )
        let watch = StorageWatch(store: store, logger: logger)
        let others: [any Service] =
            controlPlane.hasOtherServers
            ? [OtherServers(controlPlane: controlPlane, hints: store.hints, logger: logger)] : []
        // The service manager is told of a stop first, then the listener stops, so that no request is answered any
        // more when the node stores its last counters.
        try await process.run(
            [reload] + (embedded?.services ?? []) + [housekeeping, webhooks, watch] + others + [
                listener, supervision,
            ],
            stoppingWithin: .seconds(5)
        )
    }

    /// A first start that finds its port taken leaves no data behind: the next one is the first, which shows
    /// the API key. Later ones rather say that a server with the same data is what has the port.
    private func checkFirstStart() throws {
        let folder = configuration.dataDirectory
        guard access(folder + "/wgw.db", F_OK) != 0 else { return }
        guard access(folder + "/node-key", F_OK) != 0 else {
            throw CommandFailure(
                "\(folder) is the data directory of wgw node; give the server another one with --data-dir"
            )
        }
        let listen = configuration.listen
        try Listener.check(host: listen.host, port: Int(listen.port))
    }

    private func openStore() throws -> Store {
        guard let database = configuration.database else {
            return try Store(directory: configuration.dataDirectory)
        }
        let store = try Self.store(at: database)
        // For keys that are made at the first start. Where they are given, it stays empty.
        guard mkdir(configuration.dataDirectory, 0o700) == 0 || errno == EEXIST else {
            throw StoreError.unwritable(path: configuration.dataDirectory)
        }
        return store
    }

    private static func store(at database: GivenDatabase) throws -> Store {
        do {
            return try Store(postgreSQL: database.url)
        } catch {
            // Some of a URL is read only when it is used.
            if case .badDatabaseURL = error { throw CommandFailure.usage("\(error)") }
            throw error
        }
    }

    private func prepare(
        _ controlPlane: ControlPlane,
        keyFile: APIKeyFile
    ) async throws -> PreparedInstallation {
        do {
            return try await controlPlane.prepareInstallation(
                firstKey: configuration.apiKey?.text,
                spareKey: { try keyFile.makeKey() }
            )
        } catch ServiceError.storageUnavailable(let trouble) {
            throw trouble
        }
    }
}
