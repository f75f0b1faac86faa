import GatewayStore
import HTTPEdge

extension DamagedRows {
    var families: [MetricFamily] {
        var damaged = MetricFamily(
            "wgw_damaged_rows",
            .gauge,
            "Rows of the database that could not be used since the start."
        )
        damaged.add(count)
        return [damaged]
    }
}
