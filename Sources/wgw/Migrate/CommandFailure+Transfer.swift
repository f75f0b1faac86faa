import CommandLineProgram
import GatewayStore

extension CommandFailure {
    /// What scripts may want to know of a transfer that was refused. Nil for an error that says no more than that it
    /// has failed.
    init?(transfer error: any Error) {
        switch error {
        case TransferFailure.notEmpty, TransferFailure.inUse, StoreError.locked:
            self.init("\(error)", .conflict)
        case StoreError.notEmpty(let path):
            self.init("\(path) is not empty; name a new directory", .conflict)
        case TransferFailure.nothingThere:
            self.init("\(error)", .notFound)
        case StoreError.noDatabase(let directory):
            self.init(
                "there is no wgw.db in \(directory); name the server's data directory, as in sqlite:/var/lib/wgw",
                .notFound
            )
        case StoreError.badDatabaseURL:
            self.init("\(error)", .usage)
        default: return nil
        }
    }
}
