/// The table of settings as README.md shows it.
enum SettingsTable {
    static func markdown(_ settings: [SettingEntry]) -> String {
        let head = """
            | option | environment | key | default | meaning |
            | --- | --- | --- | --- | --- |

            """
        return head + settings.map(line).joined()
    }

    private static func line(_ setting: SettingEntry) -> String {
        let names: [(SettingEntry.Place, String)] = [
            (.option, setting.option), (.variable, setting.variable), (.configFile, setting.key),
        ]
        let cells = names.map { setting.places.contains($0) ? "`\($1)`" : "" }
        let value =
            switch setting.defaultValue {
            case .value(let text): "`\(text)`"
            case .words(let words): words
            }
        return "| \((cells + [value, setting.meaning]).joined(separator: " | ")) |\n"
    }
}
