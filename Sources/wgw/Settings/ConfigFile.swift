import CommandLineProgram
import Configuration
import Foundation
import GatewayDeclaration
import JSON
import Yams

/// The config file: one mapping from setting to value. Its keys, and the values of settings that are lists, are
/// read by the parsers of its two languages: the library that reads single values has no list of keys, and
/// refuses a file with a list of mappings, so that it gets the rest of the file.
struct ConfigFile {
    private struct Key {
        let name: String
        /// The value where it is a list or a mapping.
        let structure: JSONValue?
    }

    private let path: String
    /// Nil for a file without single values.
    private let singles: (any ConfigSnapshot)?
    private let structures: [String: JSONValue]

    /// - Parameter name: what the operator calls the setting that gave the path.
    /// - Parameter settings: those that the command takes.
    init(
        _ path: String,
        named name: String,
        settings: [SettingEntry]
    ) async throws(CommandFailure) {
        guard let contents = try? String(contentsOfFile: path, encoding: .utf8) else {
            throw .usage("\(name): cannot read \(path)")
        }
        let isJSON = path.hasSuffix(".json")
        guard isJSON || path.hasSuffix(".yaml") || path.hasSuffix(".yml") else {
            throw .usage("\(name): \(path) must end in .yaml, .yml or .json")
        }
        // Before the parser, which a few aliases keep busy for as long as they like.
        if !isJSON, let mistake = IndicatorScan.firstDanger(in: contents) {
            throw .usage("\(name): line \(mistake.line) of \(path): \(mistake.text)")
        }
        let parts = isJSON ? Self.jsonParts(contents) : Self.yamlParts(contents)
        guard let (keys, singles) = parts else {
            throw .usage("\(name): \(path) is not a \(isJSON ? "JSON object" : "YAML mapping")")
        }
        // A misspelled key would otherwise be a setting that silently does nothing.
        let known = Set(
            settings.filter { $0.places.contains(.configFile) }.flatMap {
                [$0.key, $0.underscored]
            }
        )
        let structured = Set(
            settings.filter { $0.structuredExample != nil }.flatMap { [$0.key, $0.underscored] }
        )
        for key in keys {
            guard known.contains(key.name) else {
                throw .usage("\(name): \(path) has the unknown key \(key.name)")
            }
            let isStructured = structured.contains(key.name)
            guard isStructured == (key.structure != nil) else {
                let form = isStructured ? "a list" : "a single value"
                throw .usage("\(key.name) in \(path) must be \(form)")
            }
        }
        structures = keys.reduce(into: [:]) { $0[$1.name] = $1.structure }
        self.path = path
        self.singles = singles
    }

    /// The spelling with hyphens comes first.
    func value(of setting: SettingEntry) throws(CommandFailure) -> SettingSources.Given? {
        for key in [setting.key, setting.underscored] {
            let name = "\(key) in \(path)"
            if let structure = structures[key] {
                return SettingSources.Given(text: structure.encoded, name: name)
            }
            guard setting.structuredExample == nil, let singles else { continue }
            if let text = try Self.text(for: AbsoluteConfigKey([key]), in: singles, name) {
                return SettingSources.Given(text: text, name: name)
            }
        }
        return nil
    }

    /// A number or a truth value in a file is as good as its text.
    private static func text(
        for key: AbsoluteConfigKey,
        in singles: any ConfigSnapshot,
        _ name: String
    ) throws(CommandFailure) -> String? {
        if let result = try? singles.value(forKey: key, type: .string) {
            guard case .string(let text)? = result.value?.content else { return nil }
            return text
        }
        if case .int(let number)? = try? singles.value(forKey: key, type: .int).value?.content {
            return String(number)
        }
        guard case .bool(let flag)? = try? singles.value(forKey: key, type: .bool).value?.content
        else { throw .usage("\(name) must be a single value") }
        return String(flag)
    }

    private typealias Parts = (keys: [Key], singles: (any ConfigSnapshot)?)

    private static func jsonParts(_ contents: String) -> Parts? {
        guard case .object(let object)? = try? JSONParser.parse(Array(contents.utf8)) else {
            return nil
        }
        let keys = object.members.map { Key(name: $0.name, structure: $0.value.structure) }
        let rest = object.members.filter { $0.value.structure == nil }
        guard !rest.isEmpty else { return (keys, nil) }
        let bytes = JSONValue.object(JSONObject(rest)).encodedBytes
        let singles = try? JSONSnapshot(
            data: bytes.span.bytes,
            providerName: "config file",
            parsingOptions: .default
        )
        return singles.map { (keys, $0) }
    }

    private static func yamlParts(_ contents: String) -> Parts? {
        let root: Node?
        do {
            root = try compose(yaml: contents)
        } catch {
            return nil
        }
        // Comments alone.
        guard let root else { return ([], nil) }
        guard let pairs = root.mapping else { return nil }
        var keys: [Key] = []
        var rest: [(Node, Node)] = []
        for (name, value) in pairs {
            // A list or a mapping can be a key of YAML, but not the name of a setting.
            guard let text = name.string else { return nil }
            let structure = JSONValue(value).structure
            keys.append(Key(name: text, structure: structure))
            if structure == nil { rest.append((name, value)) }
        }
        guard !rest.isEmpty else { return (keys, nil) }
        guard let text = try? serialize(node: Node(rest)) else { return nil }
        let bytes = Array(text.utf8)
        let singles = try? YAMLSnapshot(
            data: bytes.span.bytes,
            providerName: "config file",
            parsingOptions: .default
        )
        return singles.map { (keys, $0) }
    }
}

extension JSONValue {
    /// A list or a mapping, and nil for a single value.
    fileprivate var structure: JSONValue? {
        switch self {
        case .array, .object: self
        default: nil
        }
    }

    /// As YAML 1.2 reads it. What cannot be the name of a member is none.
    fileprivate init(_ node: Node) {
        switch node {
        case .sequence(let elements):
            self = .array(elements.map { JSONValue($0) })
        case .mapping(let pairs):
            var object = JSONObject()
            for (name, value) in pairs {
                if let name = name.string { object.add(name, JSONValue(value)) }
            }
            self = .object(object)
        case .scalar(let scalar) where scalar.style != .plain:
            self = .string(scalar.string)
        case .scalar(let scalar):
            switch scalar.string {
            case "", "~", "null": self = .null
            case "true": self = .bool(true)
            case "false": self = .bool(false)
            default: self = Int(scalar.string).map { .integer($0) } ?? .string(scalar.string)
            }
        case .alias:
            self = .null
        }
    }
}
