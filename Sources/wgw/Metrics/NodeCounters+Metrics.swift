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
        return [gateways, dropped] + waysOut + outsideDrops + sockets + interfaces
    }

    /// Apart from the traffic between peers.
    private var waysOut: [MetricFamily] {
        var bytes = MetricFamily(
            "wgw_gateway_egress_bytes_total",
            .counter,
            "Inner packets that left a network through its node, or entered it from there, in bytes."
        )
        var packets = MetricFamily(
            "wgw_gateway_egress_packets_total",
            .counter,
            "Inner packets that left a network through its node, or entered it from there."
        )
        for (gateway, traffic) in egress.sorted(by: { $0.gateway < $1.gateway }) {
            let label = (name: "gateway", value: "\(gateway)")
            let (left, entered) = (
                (name: "direction", value: "left"), (name: "direction", value: "entered")
            )
            bytes.add(traffic.leftBytes, [label, left])
            bytes.add(traffic.enteredBytes, [label, entered])
            packets.add(traffic.leftPackets, [label, left])
            packets.add(traffic.enteredPackets, [label, entered])
        }
        return [bytes, packets]
    }

    /// Of packets from outside that are not one gateway's, and of those that the kernel drops on our behalf.
    private var outsideDrops: [MetricFamily] {
        var strays = MetricFamily(
            "wgw_interface_drops_total",
            .counter,
            "Packets from the interface of the node that belong to no gateway, by reason."
        )
        for reason in DropReason.allCases where Self.reasonsOfStrays.contains(reason) {
            strays.add(interfaceDrops[reason], [(name: "reason", value: reason.label)])
        }
        var refused = MetricFamily(
            "wgw_firewall_drops_total",
            .counter,
            "Packets that the firewall table of this server dropped, by rule; zero again when it is installed anew."
        )
        for (rule, packets) in firewallDrops.sorted(by: { $0.key < $1.key }) {
            refused.add(packets, [(name: "rule", value: rule)])
        }
        return [strays, refused]
    }

    /// The others need a gateway.
    private static let reasonsOfStrays: Set<DropReason> = [.malformedPacket, .martian]

    private var interfaces: [MetricFamily] {
        let figures: [(String, String, KeyPath<IOCounters.Interface, UInt64>)] = [
            ("read_packets", "Packets read from the interface of the node.", \.readPackets),
            ("read_bytes", "Bytes of packets read from the interface of the node.", \.readBytes),
            ("read_errors", "Failed reads from the interface of the node.", \.readErrors),
            (
                "malformed_runs",
                "Runs of packets from the interface whose header did not fit them.",
                \.malformed
            ),
            ("written_packets", "Packets written to the interface of the node.", \.writtenPackets),
            (
                "written_bytes", "Bytes of packets written to the interface of the node.",
                \.writtenBytes
            ),
            (
                "unwritten_packets", "Packets that the interface of the node did not take.",
                \.unwritten
            ),
            (
                "refused_runs", "Runs of packets that the interface did not take whole.",
                \.refusedRuns
            ),
        ]
        return figures.map { name, help, counter in
            var family = MetricFamily("wgw_worker_interface_\(name)_total", .counter, help)
            for (number, counters) in io.enumerated() {
                let value = counters.interface[keyPath: counter]
                family.add(value, [(name: "worker", value: "\(number)")])
            }
            return family
        }
    }

    private var sockets: [MetricFamily] {
        let figures: [(String, String, KeyPath<IOCounters, UInt64>)] = [
            ("received_datagrams", "Datagrams received.", \.receivedDatagrams),
            ("received_bytes", "UDP payload received.", \.receivedBytes),
            ("sent_datagrams", "Datagrams sent.", \.sentDatagrams),
            ("sent_bytes", "UDP payload sent.", \.sentBytes),
            ("unsent_datagrams", "Datagrams that the system did not take.", \.unsent.total),
            ("receive_errors", "Failed receive calls.", \.receiveErrors),
            (
                "receive_overflows",
                "Datagrams dropped because a socket's receive buffer was full.",
                \.overflows
            ),
            (
                "refused_batches", "Batches that the system did not segment, sent one by one.",
                \.segmentationFallbacks
            ),
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
