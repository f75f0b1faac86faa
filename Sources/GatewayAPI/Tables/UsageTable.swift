import APIContract
import GatewayDomain
import JSON

/// The columns of usage in a table: the members of the API, by their names.
enum UsageTable {
    /// More would be too much for a server's memory.
    static let mostRows = 250_000

    static let columns = UsageRow.contract.namesInEveryAnswer.filter { $0 != "record_type" }

    static func row(_ usage: UsageRow) -> [String] { CSVText.cells(usage.json, columns) }
}
