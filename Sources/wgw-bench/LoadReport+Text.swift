import JSON
import LoadGenerator

extension LoadReport: PrintedReport {
    var json: JSONValue {
        [
            "throughput_gbps": .figure(gigabitsPerSecond),
            "packets_per_second": .figure(packetsPerSecond),
            "packets_arrived": .integer(arrivedInAll),
            "loss_ratio": .figure(lossRatio),
            "reordered": .integer(reordered),
            "duplicates": .integer(duplicates),
            "latency_us": .latency(latency),
            "gateway_cpu_seconds_per_gb": .figure(gateway?.cpuSecondsPerGB),
            "gateway_cpu_user_seconds": .figure(gateway?.userSeconds),
            "gateway_cpu_system_seconds": .figure(gateway?.systemSeconds),
            "gateway_rss_bytes": .integer(gateway?.residentBytes),
            "size": .integer(size),
            "burst": .integer(burst),
            "pairs": .integer(pairs),
            "seconds": .figure(seconds),
        ]
    }

    var text: String {
        var rows = [
            (
                "load",
                "\(pairs) pairs, \(size)-byte packets in bursts of \(burst), "
                    + "\(FixedPoint.text(seconds, 1)) s"
            ),
            (
                "throughput",
                "\(FixedPoint.text(gigabitsPerSecond, 3)) Gbit/s, "
                    + "\(FixedPoint.text(packetsPerSecond, 0)) packets/s"
            ),
            (
                "lost",
                "\(lost) of \(sent) (\(FixedPoint.text(lossRatio * 100, 4)) %), "
                    + "\(lostBehindGateway) of them behind the gateway"
            ),
            ("reordered", "\(reordered)"),
            ("duplicates", "\(duplicates)"),
            ("verified", "\(opened) packets opened and compared"),
        ]
        if let latency { rows.append(("latency", latency.text)) }
        if let gateway {
            rows += [
                (
                    "gateway CPU",
                    "\(FixedPoint.text(gateway.cpuSecondsPerGB, 3)) s/GB "
                        + "(\(FixedPoint.text(gateway.userSeconds, 2)) s user, "
                        + "\(FixedPoint.text(gateway.systemSeconds, 2)) s system)"
                ),
                (
                    "gateway memory",
                    "\(FixedPoint.text(Double(gateway.residentBytes) / 1e6, 1)) MB"
                ),
            ]
        }
        return AlignedText.rows(rows)
    }
}

extension LatencySummary {
    var text: String {
        "p50 \(FixedPoint.text(p50, 1)), p90 \(FixedPoint.text(p90, 1)), "
            + "p99 \(FixedPoint.text(p99, 1)), p99.9 \(FixedPoint.text(p999, 1)) us"
    }
}
