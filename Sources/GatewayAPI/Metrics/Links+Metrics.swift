import GatewayDomain
import HTTPEdge

extension [BackboneLink] {
    var families: [MetricFamily] {
        var up = MetricFamily(
            "wgw_link_up",
            .gauge,
            "Whether packets go over a link between gateways directly, by link."
        )
        var roundTrip = MetricFamily(
            "wgw_link_round_trip_seconds",
            .gauge,
            "The round-trip time of a link between gateways, by link."
        )
        var loss = MetricFamily(
            "wgw_link_loss_ratio",
            .gauge,
            "The share of probes of a link between gateways without an answer, by link."
        )
        for link in self {
            let labels = [
                (name: "link", value: "\(link.id)"),
                (name: "first_gateway", value: "\(link.first.gatewayID)"),
                (name: "second_gateway", value: "\(link.second.gatewayID)"),
            ]
            up.add(link.state == .up ? 1 : 0, labels)
            if let microseconds = link.figures?.roundTripMicroseconds {
                roundTrip.add(Double(microseconds) / 1_000_000, labels)
            }
            if let percent = link.figures?.lossPercent { loss.add(Double(percent) / 100, labels) }
        }
        return [up, roundTrip, loss]
    }
}
