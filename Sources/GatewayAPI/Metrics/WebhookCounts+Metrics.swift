import GatewayService
import HTTPEdge

extension WebhookCounts {
    var families: [MetricFamily] {
        var deliveries = MetricFamily(
            "wgw_webhook_deliveries_total",
            .counter,
            "Attempts of this server to deliver events to webhooks that were delivered or failed, and events that were dropped or skipped."
        )
        for result in Result.allCases {
            deliveries.add(value(of: result), [(name: "result", value: result.rawValue)])
        }
        return [deliveries]
    }
}
