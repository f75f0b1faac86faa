import CommandLineProgram

/// What an operator can decide: a line of the table of settings, and how a text becomes its value.
struct Setting<Value: Sendable>: Sendable {
    let entry: SettingEntry
    /// What the text must be, as the end of the sentence "NAME must be …".
    let form: String
    /// Nil for a text that does not have that form.
    let parse: @Sendable (_ text: String, Host) -> Value?
    /// What else is wrong with a value, as another end of that sentence. Nil for a good one.
    let objection: @Sendable (Value) -> String?
    /// The value where none is given.
    let fallback: @Sendable (Host) throws(CommandFailure) -> Value

    /// With a default that could be given as it is.
    init(
        _ key: String,
        _ valueName: String?,
        default text: String,
        form: String,
        meaning: String,
        parse: @escaping @Sendable (_ text: String, Host) -> Value?
    ) {
        self.init(
            entry: SettingEntry(
                key: key,
                places: [.option, .variable, .configFile],
                valueName: valueName,
                meaning: meaning,
                defaultValue: .value(text),
                isSecret: false,
                structuredExample: nil
            ),
            form: form,
            parse: parse,
            objection: { _ in nil },
            fallback: { host in
                guard let value = parse(text, host) else {
                    preconditionFailure("the default of \(key) does not have its own form: \(text)")
                }
                return value
            }
        )
    }

    /// With a default that depends on the machine, or that is the absence of a value.
    init(
        _ key: String,
        _ valueName: String,
        places: Set<SettingEntry.Place> = [.option, .variable, .configFile],
        default words: String,
        isSecret: Bool = false,
        structuredExample: String? = nil,
        form: String,
        meaning: String,
        parse: @escaping @Sendable (_ text: String, Host) -> Value?,
        objection: @escaping @Sendable (Value) -> String? = { _ in nil },
        fallback: @escaping @Sendable (Host) throws(CommandFailure) -> Value
    ) {
        self.init(
            entry: SettingEntry(
                key: key,
                places: places,
                valueName: valueName,
                meaning: meaning,
                defaultValue: .words(words),
                isSecret: isSecret,
                structuredExample: structuredExample
            ),
            form: form,
            parse: parse,
            objection: objection,
            fallback: fallback
        )
    }

    private init(
        entry: SettingEntry,
        form: String,
        parse: @escaping @Sendable (_ text: String, Host) -> Value?,
        objection: @escaping @Sendable (Value) -> String?,
        fallback: @escaping @Sendable (Host) throws(CommandFailure) -> Value
    ) {
        self.entry = entry
        self.form = form
        self.parse = parse
        self.objection = objection
        self.fallback = fallback
    }
}

extension Setting<Bool> {
    /// False where nothing is said.
    init(flag key: String, meaning: String) {
        self.init(key, nil, default: "false", form: "true or false", meaning: meaning) { text, _ in
            switch text {
            case "true", "1": true
            case "false", "0": false
            default: nil
            }
        }
    }
}

extension Setting<String?> {
    /// A file or a folder; nil where none is given.
    init(
        path key: String,
        places: Set<SettingEntry.Place> = [.option, .variable, .configFile],
        default words: String,
        meaning: String
    ) {
        self.init(
            key,
            "file",
            places: places,
            default: words,
            form: "a path",
            meaning: meaning,
            parse: { text, _ in text.isEmpty ? nil : .some(text) },
            fallback: { _ in nil }
        )
    }
}

extension Setting<Int?> {
    /// How many an organization may have; nil for no limit.
    init(limit key: String, of things: String) {
        self.init(
            key,
            "count",
            default: "no limit",
            form: "a number from 0",
            meaning: "\(things) that an organization may have.",
            parse: { text, _ in Int(text).flatMap { $0 >= 0 ? .some($0) : nil } },
            fallback: { _ in nil }
        )
    }
}

extension Setting<Int> {
    init(
        _ key: String,
        _ valueName: String,
        default text: String,
        form: String,
        in range: ClosedRange<Int>,
        meaning: String
    ) {
        self.init(
            key,
            valueName,
            default: text,
            form: "\(form) from \(range.lowerBound) to \(range.upperBound)",
            meaning: meaning
        ) { text, _ in Int(text).flatMap { range.contains($0) ? $0 : nil } }
    }
}
