import GatewayDomain
import HTTPEdge

extension [GatewayTraffic] {
    var families: [MetricFamily] {
        var peers = MetricFamily("wgw_gateway_peers", .gauge, "Peers, by gateway.")
        var received = MetricFamily(
            "wgw_gateway_rx_bytes_total",
            .counter,
            "Bytes from peers, by gateway."
        )
        var sent = MetricFamily(
            "wgw_gateway_tx_bytes_total",
            .counter,
            "Bytes to peers, by gateway."
        )
        for traffic in self {
            let labels = [(name: "gateway", value: "\(traffic.id)")]
            peers.add(traffic.peersCount, labels)
            received.add(traffic.rxBytes, labels)
            sent.add(traffic.txBytes, labels)
        }
        return [peers, received, sent]
    }
}

extension [PeerTraffic] {
    var families: [MetricFamily] {
        var received = MetricFamily("wgw_peer_rx_bytes_total", .counter, "Bytes from a peer.")
        var sent = MetricFamily("wgw_peer_tx_bytes_total", .counter, "Bytes to a peer.")
        var outside = MetricFamily(
            "wgw_peer_egress_bytes_total",
            .counter,
            "Inner packets of a peer that left its network through the node, or entered it from there, in bytes."
        )
        for traffic in self {
            let labels = [
                (name: "gateway", value: "\(traffic.gatewayID)"),
                (name: "peer", value: "\(traffic.id)"),
            ]
            received.add(traffic.rxBytes, labels)
            sent.add(traffic.txBytes, labels)
            outside.add(traffic.egress.left, labels + [(name: "direction", value: "left")])
            outside.add(traffic.egress.entered, labels + [(name: "direction", value: "entered")])
        }
        return [received, sent, outside]
    }
}
