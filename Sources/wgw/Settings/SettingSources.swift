import CommandLineProgram

/// Where settings come from, the strongest first: options, environment, config file.
struct SettingSources {
    /// What an operator has given for a setting.
    struct Given {
        let text: String
        /// What the operator calls the place that the text comes from, for errors.
        let name: String
    }

    private let options: [SettingEntry: String]
    private let environment: [String: String]
    private var file: ConfigFile?

    /// - Parameter settings: those of the command. The config file is read where it is one of them:
    ///   the one that is given, otherwise that of the machine.
    init(
        options: [SettingEntry: String],
        environment: [String: String],
        settings: [SettingEntry],
        host: Host
    ) async throws(CommandFailure) {
        self.options = options
        self.environment = environment
        guard settings.contains(Settings.config.entry) else { return }
        let machine = host.configFile.map { Given(text: $0, name: "the config file") }
        guard let path = try value(of: Settings.config.entry) ?? machine else { return }
        file = try await ConfigFile(path.text, named: path.name, settings: settings)
    }

    /// The strongest value of a setting. A variable that is set to nothing counts as not set, unless it
    /// is the only place: then it is a value that got lost on its way.
    func value(of setting: SettingEntry) throws(CommandFailure) -> Given? {
        if setting.places.contains(.option), let text = options[setting] {
            return Given(text: text, name: setting.option)
        }
        if setting.places.contains(.variable), let text = environment[setting.variable],
            !text.isEmpty || setting.places == [.variable]
        {
            return Given(text: text, name: setting.variable)
        }
        guard setting.places.contains(.configFile) else { return nil }
        return try file?.value(of: setting)
    }
}
