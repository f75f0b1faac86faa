import GatewayDomain
import GatewayService
import HTTPEdge

extension NodeOverview {
    var families: [MetricFamily] {
        var connected = MetricFamily(
            "wgw_node_connected",
            .gauge,
            "Whether the server hears of a node, by node: 1 or 0."
        )
        var gateways = MetricFamily(
            "wgw_node_gateways",
            .gauge,
            "Gateways, by the node that carries them."
        )
        var load = MetricFamily(
            "wgw_node_load_percent",
            .gauge,
            "How busy the processors of a node are, in percent of all of them."
        )
        var seen = MetricFamily(
            "wgw_node_last_seen_timestamp_seconds",
            .gauge,
            "When the server last heard of a node, in seconds since 1970."
        )
        var behind = MetricFamily(
            "wgw_node_revisions_behind",
            .gauge,
            "Changes, of all objects, since the last one up to which the gateways of a node are known to be as they should."
        )
        for node in nodes {
            let labels = [(name: "node", value: "\(node.id)"), (name: "name", value: node.name)]
            connected.add(node.presence == .connected ? 1 : 0, labels)
            gateways.add(node.activity.gatewaysCount, labels)
            if let percent = node.activity.loadPercent { load.add(percent, labels) }
            if let time = node.lastSeenAt { seen.add(time.microseconds / 1_000_000, labels) }
            if let revision = node.activity.revision {
                behind.add(max(newestRevision - revision, 0), labels)
            }
        }
        return [connected, gateways, load, seen, behind]
    }
}
