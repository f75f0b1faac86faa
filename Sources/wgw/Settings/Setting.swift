/// What an operator can decide, by its name in the config file.
enum Setting: String, CaseIterable {
    case listen
    case tlsCert = "tls-cert"
    case tlsKey = "tls-key"
    case insecureHTTP = "insecure-http"
    case dataDir = "data-dir"
    case apiKey = "api-key"
    case apiKeyFile = "api-key-file"
    case region
    case endpointAddress = "endpoint-address"
    case bindAddress = "bind-address"
    case portRange = "port-range"
    case persistentKeepalive = "persistent-keepalive"
    case rateLimit = "rate-limit"
    case maxNetworks = "max-networks"
    case maxGateways = "max-gateways"
    case maxPeers = "max-peers"
    case eventDays = "event-days"
    case peerMetrics = "peer-metrics"
    case workers
    case logLevel = "log-level"

    var option: String { "--\(rawValue)" }
    var variable: String { "WGW_\(underscored.uppercased())" }
    /// The other spelling that a config file may use.
    var underscored: String { rawValue.replacing("-", with: "_") }
}
