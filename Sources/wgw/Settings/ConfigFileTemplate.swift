import CommandLineProgram

/// The config file that the package installs: every setting with its meaning and its default, each of them a
/// comment, so that a default of a later version holds until the operator decides.
enum ConfigFileTemplate {
    static func yaml(_ settings: [SettingEntry]) -> String {
        let entries = settings.filter { $0.places.contains(.configFile) && !$0.isSecret }
        return ([head] + entries.map(entry)).joined(separator: "\n")
    }

    private static let head = """
        # The settings of wgw serve. To change one, take away the # in front of it, give it a value,
        # and run: sudo systemctl restart wgw
        #
        # Every user of this machine may read this file, so it is not the place for an API key of your own:
        # api-key-file names a file that holds one.

        """

    private static func entry(_ setting: SettingEntry) -> String {
        let (words, value) =
            switch setting.defaultValue {
            case .value(let text): (setting.meaning, scalar(text))
            case .words(let words): ("\(setting.meaning) Default: \(words).", placeholder(setting))
            }
        return comment(words) + "#\(setting.key): \(value)\n"
    }

    /// What stands in for a value that depends on the machine or that is absent.
    private static func placeholder(_ setting: SettingEntry) -> String {
        setting.structuredExample ?? (setting.valueName ?? "value").uppercased()
    }

    /// A colon would make a mapping or a number of base 60 of some values, so these are quoted.
    private static func scalar(_ text: String) -> String {
        text.contains(":") ? "\"\(text)\"" : text
    }

    private static let width = 100

    private static func comment(_ text: String) -> String {
        text.wrapped(to: width - 2).map { "# \($0)\n" }.joined()
    }
}
