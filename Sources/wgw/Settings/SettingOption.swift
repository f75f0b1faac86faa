/// A setting of a command with the property that takes its option: ArgumentParser finds options as
/// properties only, by their names.
struct SettingOption<Command>: Sendable {
    let setting: SettingEntry
    let option: any KeyPath<Command, String?> & Sendable

    init<Value>(_ setting: Setting<Value>, _ option: any KeyPath<Command, String?> & Sendable) {
        self.setting = setting.entry
        self.option = option
    }
}

extension [SettingEntry: String] {
    /// What the command line gives.
    init<Command>(_ options: [SettingOption<Command>], givenTo command: Command) {
        self = options.reduce(into: [:]) { $0[$1.setting] = command[keyPath: $1.option] }
    }
}
