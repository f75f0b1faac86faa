import CommandLineProgram
import Configuration
import Foundation
import SystemPackage

/// The config file: one flat mapping from setting to value.
enum ConfigFile {
    static func provider(_ path: String) async throws(CommandFailure) -> any ConfigProvider {
        let contents: String
        do {
            contents = try String(contentsOfFile: path, encoding: .utf8)
        } catch {
            throw CommandFailure.usage("--config: cannot read \(path)")
        }
        let isJSON = path.hasSuffix(".json")
        guard isJSON || path.hasSuffix(".yaml") || path.hasSuffix(".yml") else {
            throw CommandFailure.usage("--config: \(path) must end in .yaml, .yml or .json")
        }
        do {
            let provider: any ConfigProvider =
                isJSON
                ? try await FileProvider<JSONSnapshot>(filePath: FilePath(path))
                : try await FileProvider<YAMLSnapshot>(filePath: FilePath(path))
            try refuseUnknownKeys(isJSON ? jsonKeys(contents) : yamlKeys(contents), path)
            return provider
        } catch let problem as CommandFailure {
            throw problem
        } catch {
            throw CommandFailure.usage(
                "--config: \(path) is no \(isJSON ? "JSON object" : "YAML mapping")"
            )
        }
    }

    /// A misspelled key would otherwise be a setting that silently does nothing.
    private static func refuseUnknownKeys(_ keys: [String], _ path: String) throws {
        let known = Set(Setting.allCases.flatMap { [$0.rawValue, $0.underscored] })
        guard let unknown = keys.first(where: { !known.contains($0) }) else { return }
        throw CommandFailure.usage("--config: \(path) has the unknown key \(unknown)")
    }

    private static func jsonKeys(_ contents: String) throws -> [String] {
        let object = try JSONSerialization.jsonObject(with: Data(contents.utf8))
        return (object as? [String: Any])?.keys.sorted() ?? []
    }

    /// Keys stand at the beginning of a line; the library that reads the values does not list them.
    private static func yamlKeys(_ contents: String) -> [String] {
        contents.split(whereSeparator: \.isNewline).compactMap { line in
            line.firstMatch(of: /^["']?([\w.-]+)["']?\s*:/).map { String($0.1) }
        }
    }
}
