/// What is kept, and how much of it.
extension Settings {
    static let dataDir = Setting<String>(
        "data-dir",
        "dir",
        default: """
            $STATE_DIRECTORY of a service; \(Host.dataPath) where \(Host.configPath) is; otherwise ./wgw-data
            """,
        form: "a path",
        meaning: "Where database and keys are kept.",
        parse: { text, _ in text.isEmpty ? nil : text },
        fallback: { host in
            host.stateDirectory ?? (host.configFile == nil ? "./wgw-data" : Host.dataPath)
        }
    )

    static let database = Setting<String?>(
        "database",
        "url",
        default: "SQLite in the data directory",
        isSecret: true,
        form: "a URL like postgres://USER@HOST/DATABASE",
        meaning: """
            A database of PostgreSQL, which several servers may share; all gateways are on nodes then. The password is in the \
            file that PGPASSFILE names.
            """,
        parse: { text, _ in .some(text) },
        fallback: { _ in nil }
    )

    static let masterKey = Setting<String?>(
        "master-key",
        "key",
        places: [.variable],
        default: "made at the first start and kept in DATA_DIR/master-key",
        isSecret: true,
        form: "a key",
        meaning: "The key that seals private keys in the database, in place of the file.",
        parse: { text, _ in .some(text) },
        fallback: { _ in nil }
    )

    static let maxNetworks = Setting<Int?>(limit: "max-networks", of: "Networks")
    static let maxGateways = Setting<Int?>(limit: "max-gateways", of: "Gateways")
    static let maxPeers = Setting<Int?>(limit: "max-peers", of: "Peers")

    static let eventDays = Setting<Int>(
        "event-days",
        "days",
        default: "90",
        form: "days",
        in: 1...36_500,
        meaning: "How long events are kept, of which there is one for every change."
    )

    static let usageHourDays = Setting<Int>(
        "usage-hour-days",
        "days",
        default: "7",
        form: "days",
        in: 1...36_500,
        meaning: "How long the hours of usage are kept apart, which become days then."
    )

    static let usageDays = Setting<Int>(
        "usage-days",
        "days",
        default: "400",
        form: "days",
        in: 1...36_500,
        meaning: "How long usage of peers is kept. That of gateways stays."
    )
}
