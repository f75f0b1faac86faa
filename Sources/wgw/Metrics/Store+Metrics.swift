import GatewayStore
import HTTPEdge

extension Store {
    var families: [MetricFamily] {
        var refused = MetricFamily(
            "wgw_database_refused_total",
            .counter,
            "Transactions that were refused since the start, as too many waited for the database."
        )
        refused.add(refusedCount)
        return [refused] + damage.families
    }
}
