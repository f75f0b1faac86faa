import CommandLineProgram
import Configuration
import Foundation
import SystemPackage
import Yams

/// The config file: one flat mapping from setting to value. Its keys are listed by the parsers of its
/// two languages; the library that reads the values has no list of them.
struct ConfigFile {
    private struct Key {
        let name: String
        /// Whether its value is neither a list nor a mapping.
        let isSingle: Bool
    }

    private let path: String
    /// Nil for a file of comments alone, which gives no setting.
    private let provider: (any ConfigProvider)?

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
        let keys = isJSON ? Self.jsonKeys(contents) : Self.yamlKeys(contents)
        let provider = keys?.isEmpty == true ? nil : await Self.provider(path, isJSON: isJSON)
        guard let keys, keys.isEmpty || provider != nil else {
            throw .usage("\(name): \(path) is not a \(isJSON ? "JSON object" : "YAML mapping")")
        }
        // A misspelled key would otherwise be a setting that silently does nothing.
        let known = Set(
            settings.filter { $0.places.contains(.configFile) }.flatMap {
                [$0.key, $0.underscored]
            }
        )
        for key in keys {
            guard known.contains(key.name) else {
                throw .usage("\(name): \(path) has the unknown key \(key.name)")
            }
            guard key.isSingle else {
                throw .usage("\(key.name) in \(path) must be a single value")
            }
        }
        self.path = path
        self.provider = provider
    }

    /// The spelling with hyphens comes first.
    func value(of setting: SettingEntry) throws(CommandFailure) -> SettingSources.Given? {
        guard let provider else { return nil }
        for key in [setting.key, setting.underscored] {
            let name = "\(key) in \(path)"
            if let text = try Self.text(for: AbsoluteConfigKey([key]), in: provider, name) {
                return SettingSources.Given(text: text, name: name)
            }
        }
        return nil
    }

    /// A number or a truth value in a file is as good as its text.
    private static func text(
        for key: AbsoluteConfigKey,
        in provider: any ConfigProvider,
        _ name: String
    ) throws(CommandFailure) -> String? {
        if let result = try? provider.value(forKey: key, type: .string) {
            guard case .string(let text)? = result.value?.content else { return nil }
            return text
        }
        if case .int(let number)? = try? provider.value(forKey: key, type: .int).value?.content {
            return String(number)
        }
        guard case .bool(let flag)? = try? provider.value(forKey: key, type: .bool).value?.content
        else { throw .usage("\(name) must be a single value") }
        return String(flag)
    }

    private static func provider(_ path: String, isJSON: Bool) async -> (any ConfigProvider)? {
        isJSON
            ? try? await FileProvider<JSONSnapshot>(filePath: FilePath(path))
            : try? await FileProvider<YAMLSnapshot>(filePath: FilePath(path))
    }

    private static func jsonKeys(_ contents: String) -> [Key]? {
        let object = try? JSONSerialization.jsonObject(with: Data(contents.utf8))
        return (object as? [String: Any])?.sorted { $0.key < $1.key }.map { name, value in
            Key(name: name, isSingle: !(value is [Any]) && !(value is [String: Any]))
        }
    }

    private static func yamlKeys(_ contents: String) -> [Key]? {
        let root: Node?
        do {
            root = try compose(yaml: contents)
        } catch {
            return nil
        }
        // Comments alone.
        guard let root else { return [] }
        guard let pairs = root.mapping else { return nil }
        var keys: [Key] = []
        for (name, value) in pairs {
            // A list or a mapping can be a key of YAML, but not the name of a setting.
            guard let name = name.string else { return nil }
            keys.append(Key(name: name, isSingle: value.scalar != nil))
        }
        return keys
    }
}
