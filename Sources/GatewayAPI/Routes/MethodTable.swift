import HTTPEdge
import HTTPTypes

/// Which methods a path answers: the router itself only tells whether method and path match.
struct MethodTable: Sendable {
    private var routes: [(path: [Substring], methods: [HTTPRequest.Method])] = []

    init() {}

    mutating func add<Context>(_ endpoints: [Endpoint<Context>], under prefix: String = "") {
        for endpoint in endpoints {
            routes.append((Self.components(prefix + "/" + endpoint.path), endpoint.methods))
        }
    }

    mutating func add(_ others: [EdgeRoute]) {
        for route in others { routes.append((Self.components(route.path), route.methods)) }
    }

    /// The value of an `Allow` header, or nil for a path that does not exist.
    func allowed(at path: [Substring]) -> String? {
        let methods = routes.filter { Self.matches($0.path, path) }.flatMap(\.methods)
        guard !methods.isEmpty else { return nil }
        return (methods + [.options]).map(\.rawValue).sorted().joined(separator: ", ")
    }

    /// The router skips empty components too.
    static func components(_ path: String) -> [Substring] {
        path.split(separator: "/")
    }

    private static func matches(_ template: [Substring], _ path: [Substring]) -> Bool {
        if template.last == "**" {
            let fixed = template.dropLast()
            return path.count > fixed.count
                && matches(Array(fixed), Array(path.prefix(fixed.count)))
        }
        return template.count == path.count
            && zip(template, path).allSatisfy { $0.hasPrefix(":") || $0 == $1 }
    }
}
