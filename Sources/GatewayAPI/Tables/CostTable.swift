import APIContract
import GatewayDomain

/// A line for each line of costs, behind what it has in common with the others of its organization.
enum CostTable {
    private static let common = ["organization_id", "month", "closed", "currency"]
    private static let own = CostLine.contract.namesInEveryAnswer

    static let columns = common + own

    static func rows(_ costs: Costs) -> [[String]] {
        let cells = CSVText.cells(costs.json, common)
        return costs.lines.map { cells + CSVText.cells($0.json, own) }
    }
}
