import ArgumentParser

/// ArgumentParser finds the options of a command as its properties, so each setting has one there. It
/// takes everything else from the table.
extension Option where Value == String? {
    init<Parsed>(_ setting: Setting<Parsed>) {
        self.init(name: .customLong(setting.entry.key), help: setting.entry.help)
    }
}

extension Flag where Value == Bool {
    init(wrappedValue: Bool, _ setting: Setting<Bool>) {
        self.init(
            wrappedValue: wrappedValue,
            name: .customLong(setting.entry.key),
            help: setting.entry.help
        )
    }
}

extension Bool {
    /// The text of a flag that is given. One that is absent decides nothing.
    var given: String? { self ? "true" : nil }
}

extension SettingEntry {
    fileprivate var help: ArgumentHelp {
        let text = valueName == nil ? meaning : "\(meaning) (default: \(defaultValue.text))"
        return ArgumentHelp(text, valueName: valueName)
    }
}
