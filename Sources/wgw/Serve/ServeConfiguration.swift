import APIContract
import CommandLineProgram
import GatewayDomain
import GatewayService
import HTTPEdge
import Logging
import NetAddress
import RateLimiting

/// How the server is to run: every setting read, completed and checked, before anything starts.
struct ServeConfiguration {
    let listen: Endpoint
    /// What links begin with; nil for where the request came to.
    let publicURL: String?
    let trustedProxies: TrustedProxies
    /// Nil for plain HTTP.
    let tls: TLSPaths?
    let dataDirectory: String
    /// Nil for SQLite in the data directory.
    let database: GivenDatabase?
    let apiKey: GivenAPIKey?
    let masterKey: String?
    let region: Region
    /// Where clients find the gateways.
    let publicHost: PublicHost
    /// Nil for every address of the host.
    let bindAddress: IPAddress?
    let portRange: ClosedRange<UInt16>
    /// Seconds, in configs of peers that say nothing else; 0 for none.
    let persistentKeepalive: Int
    /// What gateways with a way out are to this machine's kernel.
    let egressPool: IPv4Prefix
    /// Where such gateways may lead to.
    let privateServices: [ServiceTerms]
    /// What each API key may request; nil for no limit.
    let rateLimit: RateLimit?
    let limits: OrganizationLimits
    /// How long the journal is kept.
    let eventDays: Int
    let usageHourDays: Int
    let usageDays: Int
    let prices: [PriceList]
    /// Where webhooks may be sent to.
    let webhookTargets: WebhookTargets
    /// Whether `/metrics` has series of single peers.
    let showsPeers: Bool
    let workers: Int
    let udpGSO: BatchSending
    let logLevel: Logger.Level

    init(from sources: SettingSources, host: Host) throws(CommandFailure) {
        let read = SettingReader(sources: sources, host: host)
        listen = try read(Settings.listen)
        publicURL = try read(Settings.publicURL)
        trustedProxies = try read(Settings.trustedProxies)
        tls = try Self.tls(read, listen: listen)
        dataDirectory = try read(Settings.dataDir)
        database = try GivenDatabase(read)
        apiKey = try GivenAPIKey(read)
        masterKey = try read(Settings.masterKey)
        region = try read(Settings.region)
        let namesHost = try sources.value(of: Settings.endpointAddress.entry) != nil
        // Where all gateways are on nodes, no peer comes here, and no route need tell the address.
        publicHost =
            database == nil || namesHost
            ? try read(Settings.endpointAddress) : .address(.v4(IPv4Address(bits: 0x7f00_0001)))
        bindAddress = try read(Settings.bindAddress)
        portRange = try read(Settings.portRange)
        persistentKeepalive = try read(Settings.persistentKeepalive)
        egressPool = try read(Settings.egressPool)
        if case .address(.v4(let address)) = publicHost, egressPool.contains(address) {
            throw .usage(
                """
                \(Settings.egressPool.entry.option) must not hold \(address), where clients reach this machine
                """
            )
        }
        privateServices = try Self.services(
            read,
            by: PrivateServiceRules(publicHost: publicHost, egressPool: egressPool),
            in: region
        )
        rateLimit = try read(Settings.rateLimit)
        limits = OrganizationLimits(
            networks: try read(Settings.maxNetworks),
            gateways: try read(Settings.maxGateways),
            peers: try read(Settings.maxPeers),
            egressPercent: try read(Settings.maxEgressShare)
        )
        eventDays = try read(Settings.eventDays)
        usageHourDays = try read(Settings.usageHourDays)
        usageDays = try read(Settings.usageDays)
        prices = try read(Settings.prices).lists
        webhookTargets = try read(Settings.webhookAllow)
        showsPeers = try read(Settings.peerMetrics)
        workers = try read(Settings.workers)
        udpGSO = try read(Settings.udpGSO)
        logLevel = try read(Settings.logLevel)
    }

    /// Every mistake is told.
    private static func services(
        _ read: SettingReader,
        by rules: PrivateServiceRules,
        in region: Region
    ) throws(CommandFailure) -> [ServiceTerms] {
        let requests = try read(Settings.privateServices)
        do throws(ServiceError) {
            return try ServiceTerms.all(of: requests, by: rules, in: [region.code])
        } catch {
            let key = Settings.privateServices.entry.key
            guard case .invalid(let problems) = error else {
                throw .usage(
                    "\(key) must have at most \(PrivateServiceRules.mostServices) services"
                )
            }
            let sentences = problems.map { problem in
                let steps = problem.pointer.split(separator: "/").map { step in
                    Int(step) == nil ? ".\(step)" : "[\(step)]"
                }
                return "\(key)\(steps.joined()) \(problem.reason.predicate)"
            }
            throw .usage(sentences.joined(separator: "; "))
        }
    }

    struct TLSPaths: Equatable {
        let certificate: String
        let key: String
    }

    /// Keys in plain text go no further than this machine, unless the operator allows it.
    private static func tls(
        _ read: SettingReader,
        listen: Endpoint
    ) throws(CommandFailure) -> TLSPaths? {
        let certificate = try read(Settings.tlsCert)
        let key = try read(Settings.tlsKey)
        let isInsecure = try read(Settings.insecureHTTP)
        switch (certificate, key) {
        case (let certificate?, let key?):
            return TLSPaths(certificate: certificate, key: key)
        case (nil, nil):
            guard isInsecure || listen.address.isLoopback else {
                throw CommandFailure.usage(
                    """
                    \(Settings.listen.entry.option) \(listen) lets others read API keys on the wire; give \
                    \(Settings.tlsCert.entry.option) and \(Settings.tlsKey.entry.option), or \
                    \(Settings.insecureHTTP.entry.option) if a proxy in front does TLS
                    """
                )
            }
            return nil
        default:
            throw CommandFailure.usage(
                "\(Settings.tlsCert.entry.option) and \(Settings.tlsKey.entry.option) belong together; give both"
            )
        }
    }
}
