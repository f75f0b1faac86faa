import DataPlane
import GatewayRuntime
import HTTPEdge
import WireGuardEngine

extension NodeCounters {
    var families: [MetricFamily] {
        var gateways = MetricFamily("wgw_gateways", .gauge, "Gateways that are carried here.")
        gateways.add(drops.count)
        var dropped = MetricFamily(
            "wgw_gateway_drops_total",
            .counter,
            "Datagrams and packets that went no further, by gateway and reason."
        )
        // Made once for all gateways: there are dozens of reasons, and thousands of gateways.
        let reasons = DropReason.allCases.map { reason in
            (reason, label: (name: "reason", value: reason.label))
        }
        for (gateway, counters) in drops.sorted(by: { $0.gateway < $1.gateway }) {
            let label = (name: "gateway", value: "\(gateway)")
            for reason in reasons {
                dropped.add(counters[reason.0], [label, reason.label])
            }
        }
        return [gateways, dropped] + sockets
    }

    private var sockets: [MetricFamily] {
        let figures: [(String, String, KeyPath<IOCounters, UInt64>)] = [
            ("received_datagrams", "Datagrams received.", \.receivedDatagrams),
            ("received_bytes", "UDP payload received.", \.receivedBytes),
            ("sent_datagrams", "Datagrams sent.", \.sentDatagrams),
            ("sent_bytes", "UDP payload sent.", \.sentBytes),
            ("unsent_datagrams", "Datagrams that the system did not take.", \.unsent.total),
            ("receive_errors", "Failed receive calls.", \.receiveErrors),
        ]
        return figures.map { name, help, counter in
            var family = MetricFamily("wgw_worker_\(name)_total", .counter, help)
            for (number, counters) in io.enumerated() {
                family.add(counters[keyPath: counter], [(name: "worker", value: "\(number)")])
            }
            return family
        }
    }
}
