/// Why a config file cannot be used. It never contains a key, or what may be meant as one.
package struct ConfigError: Error, Equatable {
    /// Nil when something is missing from the file as a whole.
    package let line: Int?
    package let reason: String

    init(line: Int?, _ reason: String) {
        self.line = line
        self.reason = reason
    }
}

/// Several mistakes of one file, in the order of its lines.
package struct ConfigErrors: Error, Equatable {
    package let first: ConfigError
    package let others: [ConfigError]

    init(_ first: ConfigError, _ others: some Sequence<ConfigError> = []) {
        self.first = first
        self.others = Array(others)
    }

    package var all: [ConfigError] { [first] + others }
}
