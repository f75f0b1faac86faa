import GatewayDomain
import HTTPEdge
import NetAddress
import RateLimiting

/// How the API is reached, and by whom.
extension Settings {
    static let listen = Setting<Endpoint>(
        "listen",
        "address:port",
        default: "127.0.0.1:8080",
        form: "an address and a port, like 0.0.0.0:8080",
        meaning: "Where the HTTP API listens."
    ) { text, _ in Endpoint(text) }

    static let tlsCert = Setting<String?>(
        path: "tls-cert",
        default: "plain HTTP",
        meaning: "Certificate chain of the API, PEM; read again at SIGHUP."
    )
    static let tlsKey = Setting<String?>(
        path: "tls-key",
        default: "plain HTTP",
        meaning: "Private key of the certificate, PEM."
    )
    static let insecureHTTP = Setting<Bool>(
        flag: "insecure-http",
        meaning: """
            Listen without TLS on an address that others reach, for a proxy in front that does TLS.
            """
    )

    /// Without a slash at its end.
    static let publicURL = Setting<String?>(
        "public-url",
        "url",
        default: "where the request came to that makes a link",
        form: "an http or https URL without a query, like https://vpn.example.com",
        meaning: """
            The URL at which others reach this API, with which links to config files begin; for a server behind a proxy.
            """,
        parse: { text, _ in
            let base = text.hasSuffix("/") ? String(text.dropLast()) : text
            let schemes = ["http://", "https://"]
            guard let scheme = schemes.first(where: base.hasPrefix), base.count > scheme.count,
                base.utf8.allSatisfy({ (0x21...0x7e).contains($0) }),
                !base.contains(where: { "?#\"<>\\^`{|}@".contains($0) })
            else { return nil }
            return .some(base)
        },
        fallback: { _ in nil }
    )

    static let trustedProxies = Setting<TrustedProxies>(
        "trusted-proxies",
        "prefixes",
        default: "none",
        form: "addresses and prefixes with commas between them, like 10.0.0.1,fd00::/64",
        meaning: """
            The proxies in front that are believed about their clients (X-Forwarded-For, X-Forwarded-Proto).
            """
    ) { text, _ in
        guard text != "none" else { return TrustedProxies.none }
        let parts = text.split(separator: ",", omittingEmptySubsequences: false)
        let prefixes = parts.map { $0.filter { $0 != " " } }.compactMap { try? IPPrefix($0) }
        // A prefix of length zero would believe everyone.
        guard prefixes.count == parts.count, prefixes.allSatisfy({ $0.length > 0 }) else {
            return nil
        }
        return TrustedProxies(prefixes)
    }

    static let apiKey = Setting<String?>(
        "api-key",
        "key",
        default: "made at the first start and kept in DATA_DIR/api-key",
        isSecret: true,
        form: GivenAPIKey.form,
        meaning: """
            An API key of an admin, of 16 characters or more. Other users can read options: --api-key-file and WGW_API_KEY \
            hide it.
            """,
        parse: { text, _ in APIKeyText.isAcceptable(text) ? .some(text) : nil },
        fallback: { _ in nil }
    )
    static let apiKeyFile = Setting<String?>(
        path: "api-key-file",
        default: "none",
        meaning: "A file with an API key on its one line, such as a credential of systemd."
    )

    /// Nil for no limit.
    static let rateLimit = Setting<RateLimit?>(
        "rate-limit",
        "rate:burst",
        default: "\(RateLimit.standard.perSecond):\(RateLimit.standard.burst)",
        form: "requests a second and at once, like 100:200, or off",
        meaning: "Requests that an API key may make: a second, and at once; or off."
    ) { text, _ in
        guard text != "off" else { return .some(nil) }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false).map { Int($0) }
        guard parts.count == 2, let rate = parts[0], let burst = parts[1],
            (1...1_000_000).contains(rate), (1...1_000_000).contains(burst)
        else { return nil }
        return RateLimit(perSecond: rate, burst: burst)
    }

    static let peerMetrics = Setting<Bool>(
        flag: "peer-metrics",
        meaning: "Let /metrics tell the traffic of every peer, too."
    )
}
