import CommandLineProgram
import GatewayAPI
import GatewayDomain
import GatewayService
import Logging
import NetAddress

/// How the server is to run: every setting read, completed and checked, before anything starts.
struct ServeConfiguration {
    static let defaultListen = "127.0.0.1:8080"
    static let defaultDataDirectory = "./wgw-data"
    static let defaultRegion = "local"
    static let defaultPortRange = "5000-5999"
    static let defaultPersistentKeepalive = "25"
    static let defaultEventDays = "90"
    static let defaultRateLimit =
        "\(RateLimit.standard.perSecond):\(RateLimit.standard.burst)"

    let listen: Endpoint
    /// Nil for plain HTTP.
    let tls: TLSPaths?
    let dataDirectory: String
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
    /// Of every API key; nil for none.
    let rateLimit: RateLimit?
    let limits: OrganizationLimits
    /// How long the journal is kept.
    let eventDays: Int
    /// Whether `/metrics` tells of single peers.
    let showsPeers: Bool
    let workers: Int
    let logLevel: Logger.Level

    init(
        from sources: SettingSources,
        masterKey: String?,
        host: Host
    ) throws(CommandFailure) {
        let read = SettingReader(sources: sources)
        self.masterKey = masterKey
        listen = try read(
            .listen,
            Self.defaultListen,
            as: "an address and a port, like 0.0.0.0:8080"
        ) {
            Endpoint($0)
        }
        tls = try Self.tls(read, listen: listen)
        dataDirectory = try read(.dataDir, Self.defaultDataDirectory, as: "a path") {
            $0.isEmpty ? nil : $0
        }
        apiKey = try GivenAPIKey(read)
        region = try read(
            .region,
            Self.defaultRegion,
            as: """
                a code of a-z, 0-9 and '-', or code=Name, and behind it ,area= (AMER, EMEA or APAC), \
                ,site= and ,pop=, like 'fra=Frankfurt, DE,area=EMEA,site=FRA,pop=FR5'
                """
        ) { try? Region.parse($0, at: host.now) }
        publicHost = try read.publicHost(host: host)
        bindAddress = try read.bindAddress()
        portRange = try read(
            .portRange,
            Self.defaultPortRange,
            as: "two ports from 1 to 65535, the lower first, like 5000-5999",
            Self.ports
        )
        let seconds = FieldReader.keepaliveSeconds
        persistentKeepalive = try read(
            .persistentKeepalive,
            Self.defaultPersistentKeepalive,
            as: "seconds from \(seconds.lowerBound) to \(seconds.upperBound)"
        ) { Int($0).flatMap { seconds.contains($0) ? $0 : nil } }
        rateLimit = try read(
            .rateLimit,
            Self.defaultRateLimit,
            as: "requests a second and at once, like 100:200, or off",
            Self.rateLimit
        )
        limits = OrganizationLimits(
            networks: try read.count(.maxNetworks),
            gateways: try read.count(.maxGateways),
            peers: try read.count(.maxPeers)
        )
        eventDays = try read(.eventDays, Self.defaultEventDays, as: "days from 1 to 36500") {
            Int($0).flatMap { (1...36_500).contains($0) ? $0 : nil }
        }
        showsPeers = try read.flag(.peerMetrics)
        workers = try read.workers(host: host)
        logLevel = try read.logLevel()
    }

    struct TLSPaths: Equatable {
        let certificate: String
        let key: String
    }

    /// Keys in plain text go no further than this machine, unless somebody says that they may.
    private static func tls(
        _ read: SettingReader,
        listen: Endpoint
    ) throws(CommandFailure) -> TLSPaths? {
        let path = { (text: String) in text.isEmpty ? nil : text }
        let certificate = try read(optional: .tlsCert, as: "a path", path)
        let key = try read(optional: .tlsKey, as: "a path", path)
        let isInsecure = try read.flag(.insecureHTTP)
        switch (certificate, key) {
        case (let certificate?, let key?):
            return TLSPaths(certificate: certificate, key: key)
        case (nil, nil):
            guard isInsecure || listen.address.isLoopback else {
                throw CommandFailure.usage(
                    """
                    \(Setting.listen.option) \(listen) lets others read API keys on the wire; give \
                    \(Setting.tlsCert.option) and \(Setting.tlsKey.option), or \
                    \(Setting.insecureHTTP.option) if a proxy in front does TLS
                    """
                )
            }
            return nil
        default:
            throw CommandFailure.usage(
                "\(Setting.tlsCert.option) and \(Setting.tlsKey.option) belong together; give both"
            )
        }
    }

    /// Nil for a text that is none; `off` is no limit.
    private static func rateLimit(_ text: String) -> RateLimit?? {
        guard text != "off" else { return .some(nil) }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false).map { Int($0) }
        guard parts.count == 2, let rate = parts[0], let burst = parts[1],
            (1...1_000_000).contains(rate), (1...1_000_000).contains(burst)
        else { return nil }
        return RateLimit(perSecond: rate, burst: burst)
    }

    private static func ports(_ text: String) -> ClosedRange<UInt16>? {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard
            parts.count == 2, let first = UInt16(parts[0]), let last = UInt16(parts[1]),
            first > 0, first <= last
        else { return nil }
        return first...last
    }
}
