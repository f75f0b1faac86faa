import CommandLineProgram
import GatewayClient
import GatewayDomain

/// Which server a command asks, and where that was said: options, then the environment, then the context in
/// use, then a server of this machine. The key is looked for in the same order.
struct ServerChoice {
    let server: ServerAccess
    /// Where the URL comes from, for errors.
    let name: String
    let isLocal: Bool
    /// Where the key comes from, for errors.
    let keySource: String
    /// What to do for another key.
    let keyAdvice: String
    /// By name or id.
    let organization: String?

    init(_ options: ServerOptions, environment: ClientEnvironment) throws(CommandFailure) {
        let place = try Candidate(options, environment)
        let key = try Self.key(options, environment, place)
        let given = try options.fingerprint.map { text throws(CommandFailure) in
            try Self.fingerprint(text, "--fingerprint")
        }
        server = ServerAccess(
            url: place.url,
            fingerprint: given ?? place.fingerprint,
            apiKey: key?.text
        )
        name = place.name
        isLocal = place.isLocal
        keySource = key?.source ?? "no place"
        keyAdvice = place.keyAdvice
        organization = options.organization ?? place.organization
    }

    /// The server of a context, and nothing that is said elsewhere.
    init(_ context: ServerContext) {
        server = ServerAccess(
            url: context.url,
            fingerprint: context.fingerprint,
            apiKey: context.apiKey
        )
        name = "the context '\(context.name)'"
        isLocal = false
        keySource = name
        keyAdvice = "see that it is the key of that server"
        organization = context.organization
    }

    /// A server that was said somewhere.
    private struct Candidate {
        var url: ServerURL
        var fingerprint: CertificateFingerprint?
        var key: String?
        var organization: String?
        var name: String
        var isLocal = false
        /// Whether the command names the place, whose key then beats that of the environment.
        var isNamed = false
        var keyAdvice = "give --api-key-file or set WGW_API_KEY"

        init(_ options: ServerOptions, _ environment: ClientEnvironment) throws(CommandFailure) {
            if options.url != nil, options.context != nil {
                throw .usage("--url and --context are two servers; give one")
            }
            if let text = options.url {
                self.init(url: try ServerChoice.url(text, "--url"), name: "--url")
            } else if let name = options.context {
                self.init(try ContextFile(environment).context(named: name))
                isNamed = true
            } else if let text = environment.url {
                self.init(url: try ServerChoice.url(text, "WGW_URL"), name: "WGW_URL")
            } else if let context = try ContextFile(environment).currentContext {
                self.init(context)
            } else if let local = try LocalServer.find(environment) {
                self.init(url: local.record.url, name: local.directory)
                fingerprint = local.record.fingerprint
                key = local.apiKey
                isLocal = true
                keyAdvice = local.keyAdvice
            } else {
                throw CommandFailure(Self.noServer(environment), .unreachable)
            }
            if fingerprint == nil, !isNamed, let text = environment.fingerprint {
                fingerprint = try ServerChoice.fingerprint(text, "WGW_FINGERPRINT")
            }
        }

        private init(url: ServerURL, name: String) {
            self.url = url
            self.name = name
        }

        private init(_ context: ServerContext) {
            self.init(url: context.url, name: "the context '\(context.name)'")
            fingerprint = context.fingerprint
            key = context.apiKey
            organization = context.organization
        }

        private static func noServer(_ environment: ClientEnvironment) -> String {
            if let directory = environment.dataDirectory {
                return """
                    no server runs with its data in \(directory), which WGW_DATA_DIR names; start one with wgw \
                    serve, or name another with --url or wgw context add
                    """
            }
            return """
                no server runs with its data in \(LocalServer.usualDirectories.joined(separator: " or ")); start \
                one with wgw serve, name the data directory of another with WGW_DATA_DIR, or a server with \
                --url or wgw context add
                """
        }
    }

    private static func key(
        _ options: ServerOptions,
        _ environment: ClientEnvironment,
        _ place: Candidate
    ) throws(CommandFailure) -> (text: String, source: String)? {
        if let path = options.apiKeyFile {
            return (try APIKeyText.inFile(path, named: "--api-key-file"), path)
        }
        if place.isNamed, let key = place.key { return (key, place.name) }
        if let key = environment.apiKey {
            guard APIKeyText.isAcceptable(key) else {
                throw .usage("WGW_API_KEY must be \(APIKeyText.form)")
            }
            return (key, "WGW_API_KEY")
        }
        if let path = environment.apiKeyFile {
            return (try APIKeyText.inFile(path, named: "WGW_API_KEY_FILE"), path)
        }
        return place.key.map { ($0, place.name) }
    }

    static func url(_ text: String, _ name: String) throws(CommandFailure) -> ServerURL {
        guard let url = ServerURL(text) else {
            // What stands in front of an @ is a password.
            throw .usage(
                text.contains("@")
                    ? "\(name) must be \(ServerURL.form), and without a user or a password"
                    : "\(name) must be \(ServerURL.form), not '\(text)'"
            )
        }
        return url
    }

    static func fingerprint(
        _ text: String,
        _ name: String
    ) throws(CommandFailure) -> CertificateFingerprint {
        guard let fingerprint = CertificateFingerprint(text) else {
            throw .usage("\(name) must be \(CertificateFingerprint.form)")
        }
        return fingerprint
    }
}
