/// One line of the table of settings: the names that an operator gives a setting, and what it means.
/// How its value is read is in `Setting`.
struct SettingEntry: Sendable {
    /// Where a setting may be given.
    enum Place {
        case option, variable, configFile
    }

    /// In the config file, with hyphens. The other names are made from it.
    let key: String
    let places: Set<Place>
    /// What the help text writes for the value, such as `address:port`. Nil for a flag.
    let valueName: String?
    /// A whole sentence, or several: for the help text and for README.md.
    let meaning: String
    let defaultValue: DefaultText
    /// Whether the value must not be repeated, not even where it is refused.
    let isSecret: Bool
    /// Where the value is a list or a mapping, one that could be given, as YAML and JSON read it alike. Nil for
    /// a single value.
    let structuredExample: String?

    /// What holds where the setting is not given, as the operator reads it.
    enum DefaultText {
        /// A value that could be given as it is.
        case value(String)
        case words(String)

        var text: String {
            switch self {
            case .value(let text), .words(let text): text
            }
        }
    }

    var option: String { "--\(key)" }
    var variable: String { "WGW_\(underscored.uppercased())" }
    /// The other spelling that a config file may use.
    var underscored: String { key.replacing("-", with: "_") }
}

extension SettingEntry: Hashable {
    static func == (left: SettingEntry, right: SettingEntry) -> Bool { left.key == right.key }

    func hash(into hasher: inout Hasher) { hasher.combine(key) }
}
