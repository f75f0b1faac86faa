import Logging

/// The table of settings. From a line of it come the option with its help text, the environment
/// variable, the key of the config file, the default, the check of the value, and the line of
/// README.md. The commands list which of them they take: `ServeCommand.settings`.
enum Settings {
    static let config = Setting<String?>(
        path: "config",
        places: [.option, .variable],
        default: "\(Host.configPath), where it exists",
        meaning: "A file with settings, .yaml, .yml or .json, such as data-dir: /var/lib/wgw."
    )
    static let logLevel = Setting<Logger.Level>(
        "log-level",
        "level",
        default: "info",
        form: "one of \(Logger.Level.allCases.map(\.rawValue).joined(separator: ", "))",
        meaning: "The least that is logged: trace, debug, info, notice, warning, error or critical."
    ) { text, _ in Logger.Level(rawValue: text) }
}
