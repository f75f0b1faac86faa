import CommandLineProgram
import Configuration

/// Where settings come from, the strongest first: options, environment, config file.
struct SettingSources {
    private struct Source {
        let provider: any ConfigProvider
        /// What an operator calls a setting there; for errors.
        let name: (Setting) -> String
        var spelling: (Setting) -> String = \.rawValue
    }

    private let sources: [Source]

    /// A variable that is set to nothing counts as not set.
    init(
        options: [Setting: String],
        environment: [String: String],
        file path: String?
    ) async throws {
        let given = options.map {
            (AbsoluteConfigKey([$0.rawValue]), ConfigValue(.string($1), isSecret: true))
        }
        var sources = [
            Source(
                provider: InMemoryProvider(values: Dictionary(uniqueKeysWithValues: given)),
                name: \.option
            ),
            Source(
                provider: EnvironmentVariablesProvider(
                    environmentVariables: environment.filter { !$0.value.isEmpty }
                ).prefixKeys(with: "wgw"),
                name: \.variable
            ),
        ]
        if let path {
            let provider = try await ConfigFile.provider(path)
            sources.append(Source(provider: provider, name: { "\($0.rawValue) in \(path)" }))
            sources.append(
                Source(
                    provider: provider,
                    name: { "\($0.underscored) in \(path)" },
                    spelling: \.underscored
                )
            )
        }
        self.sources = sources
    }

    /// The strongest value of a setting, and what the operator calls the place it comes from.
    func value(of setting: Setting) throws(CommandFailure) -> (text: String, name: String)? {
        for source in sources {
            let key = AbsoluteConfigKey([source.spelling(setting)])
            let name = source.name(setting)
            if let text = try text(for: key, in: source.provider, name) { return (text, name) }
        }
        return nil
    }

    /// A number or a truth value in a file is as good as its text.
    private func text(
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
        else { throw CommandFailure.usage("\(name) must be a single value") }
        return String(flag)
    }
}
