import GatewayDomain
import Logging
import NetAddress

/// How the server is to run: every setting read, completed and checked, before anything starts.
struct ServeConfiguration {
    static let defaultListen = "127.0.0.1:8080"
    static let defaultDataDirectory = "./wgw-data"
    static let defaultRegion = "local"
    static let defaultPortRange = "5000-5999"
    static let defaultLogLevel = "info"
    private static let workerLimit = 1...256

    let listen: Endpoint
    let dataDirectory: String
    let apiKey: String?
    let masterKey: String?
    let region: Region
    let endpointAddress: IPAddress
    /// Nil for every address of the host.
    let bindAddress: IPAddress?
    let portRange: ClosedRange<UInt16>
    let workers: Int
    let logLevel: Logger.Level

    init(
        from sources: SettingSources,
        masterKey: String?,
        host: Host
    ) throws(ConfigurationProblem) {
        let read = SettingReader(sources: sources)
        self.masterKey = masterKey
        listen = try read(
            .listen,
            Self.defaultListen,
            as: "an address and a port, like 0.0.0.0:8080"
        ) {
            Endpoint($0)
        }
        dataDirectory = try read(.dataDir, Self.defaultDataDirectory, as: "a path") {
            $0.isEmpty ? nil : $0
        }
        apiKey = try read(
            optional: .apiKey,
            as: "at least \(APIKey.minimumLength) visible ASCII characters",
            isSecret: true
        ) { APIKey.isAcceptable($0) ? $0 : nil }
        region = try read(
            .region,
            Self.defaultRegion,
            as: "a code of a-z, 0-9 and '-', or code=Name, like 'ashburn-va=Ashburn VA, US'"
        ) { try? Region.parse($0, at: host.now) }
        let address = "an IP address, like 192.0.2.1"
        endpointAddress =
            try read(optional: .endpointAddress, as: address) { IPAddress($0) }
            ?? host.defaultRouteAddress
        bindAddress = try read(optional: .bindAddress, as: address) { IPAddress($0) }
        portRange = try read(
            .portRange,
            Self.defaultPortRange,
            as: "two ports from 1 to 65535, the lower first, like 5000-5999",
            Self.ports
        )
        let limit = Self.workerLimit
        workers = try read(
            .workers,
            "\(min(max(host.processors, limit.lowerBound), limit.upperBound))",
            as: "a number from \(limit.lowerBound) to \(limit.upperBound)"
        ) { Int($0).flatMap { limit.contains($0) ? $0 : nil } }
        logLevel = try read(
            .logLevel,
            Self.defaultLogLevel,
            as: "one of \(Logger.Level.allCases.map(\.rawValue).joined(separator: ", "))"
        ) { Logger.Level(rawValue: $0) }
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

/// Reads one setting after the other, and says what a bad one should have been.
private struct SettingReader {
    let sources: SettingSources

    func callAsFunction<Value>(
        _ setting: Setting,
        _ fallback: String,
        as form: String,
        _ parse: (String) -> Value?
    ) throws(ConfigurationProblem) -> Value {
        if let value = try self(optional: setting, as: form, parse) { return value }
        guard let value = parse(fallback) else {
            preconditionFailure("the default of \(setting) is \(fallback)")
        }
        return value
    }

    func callAsFunction<Value>(
        optional setting: Setting,
        as form: String,
        isSecret: Bool = false,
        _ parse: (String) -> Value?
    ) throws(ConfigurationProblem) -> Value? {
        guard let (text, name) = try sources.value(of: setting) else { return nil }
        guard let value = parse(text) else {
            let quoted = isSecret ? "" : ", not '\(text.prefix(60))'"
            throw ConfigurationProblem("\(name) must be \(form)\(quoted)")
        }
        return value
    }
}
