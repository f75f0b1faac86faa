import CommandLineProgram
import GatewayStore

/// A database as `wgw migrate` is told of it.
enum DatabaseAddress {
    case sqlite(directory: String)
    case postgreSQL(url: String)

    private static let sqliteScheme = "sqlite:"

    init(_ text: String, option: String) throws(CommandFailure) {
        if text.hasPrefix(Self.sqliteScheme), text != Self.sqliteScheme {
            self = .sqlite(directory: String(text.dropFirst(Self.sqliteScheme.count)))
        } else if Store.isPostgreSQL(url: text) {
            try GivenDatabase.refusePassword(inURL: text, of: option)
            self = .postgreSQL(url: text)
        } else {
            throw .usage(
                "\(option) must be sqlite:DIR or a URL like postgres://USER@HOST/DATABASE"
            )
        }
    }

    var isPostgreSQL: Bool {
        switch self {
        case .sqlite: false
        case .postgreSQL: true
        }
    }

    /// Whose servers are stopped.
    var source: TransferSource {
        switch self {
        case .sqlite(let directory): .directory(directory)
        case .postgreSQL(let url): .postgreSQL(url: url)
        }
    }
}
