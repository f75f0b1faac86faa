import CommandLineProgram

/// Reads one setting after the other, and says what a bad one should have been.
struct SettingReader {
    let sources: SettingSources
    let host: Host

    func callAsFunction<Value>(_ setting: Setting<Value>) throws(CommandFailure) -> Value {
        guard let given = try sources.value(of: setting.entry) else {
            return try setting.fallback(host)
        }
        guard let value = setting.parse(given.text, host) else {
            let end = setting.entry.isSecret ? "" : ", not '\(given.text.prefix(60))'"
            throw .usage("\(given.name) must be \(setting.form)\(end)")
        }
        if let objection = setting.objection(value) {
            throw .usage("\(given.name) must be \(objection)")
        }
        return value
    }
}
