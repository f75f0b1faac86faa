import CommandLineProgram
import GatewayClient
import GatewayDomain
import JSON
import Spelling

/// A server that this user has given a name.
struct ServerContext: Equatable {
    var name: String
    var url: ServerURL
    var fingerprint: CertificateFingerprint?
    var apiKey: String?
    /// The organization to act in, by name or id.
    var organization: String?
}

/// This user's servers, in a file that only the user may read.
struct ContextFile {
    private static let maximumBytes = 1 << 20

    private(set) var contexts: [ServerContext] = []
    /// The name of the context that commands use where they name none.
    private(set) var current: String?
    /// Nil where the environment names no folder for it.
    private let path: String?

    /// The file of this user; one that is not there has no contexts.
    init(_ environment: ClientEnvironment) throws(CommandFailure) {
        path = environment.configFolder.map { $0 + "/contexts.json" }
        guard let path, let bytes = try Self.file(path).read(atMost: Self.maximumBytes) else {
            return
        }
        guard case .object(let object)? = try? JSONParser.parse(bytes),
            case .array(let elements)? = object["contexts"]
        else { throw broken("it is not the JSON that wgw context writes") }
        for element in elements {
            guard let context = ServerContext(element) else {
                throw broken(
                    "context \(contexts.count + 1) lacks a name or a URL, or has a key or a fingerprint that is none"
                )
            }
            contexts.append(context)
        }
        if case .string(let name)? = object["current"] { current = name }
    }

    private static func file(_ path: String) -> PrivateFile {
        PrivateFile(path, holding: "API keys")
    }

    private func broken(_ reason: String) -> CommandFailure {
        CommandFailure("\(path ?? "") cannot be used: \(reason); mend it or move it away")
    }

    /// For completion: none where the file cannot be read.
    static func names() -> [String] {
        let file = try? ContextFile(.current)
        return file?.contexts.map(\.name) ?? []
    }

    func context(named name: String) throws(CommandFailure) -> ServerContext {
        if let found = contexts.first(where: { $0.name == name }) { return found }
        let names = contexts.map(\.name)
        let advice =
            names.isEmpty
            ? "make one with wgw context add"
            : NearestWord.to(name, among: names).map { "'\($0)' is the nearest" }
                ?? "there are: \(names.joined(separator: ", "))"
        throw CommandFailure("there is no context '\(name)'; \(advice)", .notFound)
    }

    /// Nil where none is in use.
    var currentContext: ServerContext? {
        get throws(CommandFailure) {
            guard let current else { return nil }
            return try context(named: current)
        }
    }
}

// Changes, each of which writes the file.
extension ContextFile {
    mutating func add(_ context: ServerContext, isCurrent: Bool) throws(CommandFailure) {
        contexts.append(context)
        if isCurrent { current = context.name }
        try write()
    }

    mutating func use(_ name: String) throws(CommandFailure) {
        current = try context(named: name).name
        try write()
    }

    mutating func remove(_ name: String) throws(CommandFailure) {
        let name = try context(named: name).name
        contexts.removeAll { $0.name == name }
        if current == name { current = nil }
        try write()
    }

    private func write() throws(CommandFailure) {
        guard let path else {
            throw CommandFailure("set HOME or XDG_CONFIG_HOME: contexts are kept in a folder there")
        }
        let file = Self.file(path)
        try file.makeFolder()
        var object = JSONObject()
        if let current { object.add("current", .string(current)) }
        object.add("contexts", .array(contexts.map(\.json)))
        try file.write(JSONValue.object(object).indented + "\n")
    }
}

extension ServerContext {
    fileprivate init?(_ json: JSONValue) {
        guard case .object(let object) = json, case .string(let name)? = object["name"],
            case .string(let urlText)? = object["url"], let url = ServerURL(urlText)
        else { return nil }
        func text(_ member: String) -> String? {
            guard case .string(let text)? = object[member] else { return nil }
            return text
        }
        self.init(
            name: name,
            url: url,
            fingerprint: text("fingerprint").flatMap(CertificateFingerprint.init),
            apiKey: text("api_key"),
            organization: text("organization")
        )
        // A pin that cannot be read is not a context without a pin, and a key not a request without one.
        if object["fingerprint"] != nil, fingerprint == nil { return nil }
        if object["api_key"] != nil, apiKey.map(APIKeyText.isAcceptable) != true { return nil }
    }

    fileprivate var json: JSONValue {
        var object = JSONObject()
        object.add("name", .string(name))
        object.add("url", .string(url.text))
        if let fingerprint { object.add("fingerprint", .string("\(fingerprint)")) }
        if let apiKey { object.add("api_key", .string(apiKey)) }
        if let organization { object.add("organization", .string(organization)) }
        return .object(object)
    }
}
