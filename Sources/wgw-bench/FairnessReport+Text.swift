import JSON
import LoadGenerator

extension FairnessReport: PrintedReport {
    var json: JSONValue {
        [
            "capacity_gbps": .figure(capacityGigabitsPerSecond),
            "share": .figure(options.share),
            "alone": alone.json,
            "beside_packets": besidePackets.json,
            "beside_handshakes": besideHandshakes.json,
            "left_by_packets": .figure(leftByPackets),
            "left_by_handshakes": .figure(leftByHandshakes),
            "tenant_peers": .integer(tenantPeers),
            "tenant_throughput_gbps": .figure(tenantGigabitsPerSecond),
            "tenant_handshakes_per_second": .figure(tenantHandshakesPerSecond),
            "seconds": .figure(options.seconds),
        ]
    }

    var text: String {
        let share = FixedPoint.text(options.share * 100, 0)
        var rows = [
            (
                "neighbour",
                "\(share) % of the \(FixedPoint.text(capacityGigabitsPerSecond, 3)) Gbit/s that "
                    + "it gets alone, \(FixedPoint.text(options.seconds, 1)) s a part"
            ),
            ("alone", alone.text),
        ]
        rows += [
            (
                "beside packets",
                "\(FixedPoint.text(leftByPackets * 100, 1)) % of that are left: "
                    + besidePackets.text
            ),
            (
                "",
                "\(tenantPeers) peers of the tenant got "
                    + "\(FixedPoint.text(tenantGigabitsPerSecond, 3)) Gbit/s"
            ),
            (
                "beside handshakes",
                "\(FixedPoint.text(leftByHandshakes * 100, 1)) % of that are left: "
                    + besideHandshakes.text
            ),
            (
                "",
                "the tenant completed \(FixedPoint.text(tenantHandshakesPerSecond, 0)) handshakes/s"
            ),
        ]
        return AlignedText.rows(rows)
    }
}

extension StreamReport {
    fileprivate var json: JSONValue {
        [
            "packets_per_second": .figure(packetsPerSecond),
            "sent": .integer(sent),
            "delivered": .integer(delivered),
            "latency_us": .latency(latency),
        ]
    }

    fileprivate var text: String {
        let rate = "\(FixedPoint.text(packetsPerSecond, 0)) packets/s, \(delivered) of \(sent)"
        return latency.map { "\(rate), latency \($0.text)" } ?? rate
    }
}
