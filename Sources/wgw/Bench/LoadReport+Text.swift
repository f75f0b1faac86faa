import LoadGenerator

extension LoadReport {
    var json: String {
        JSONText.object([
            ("throughput_gbps", JSONText.number(gigabitsPerSecond)),
            ("packets_per_second", JSONText.number(packetsPerSecond)),
            ("loss_ratio", JSONText.number(lossRatio)),
            ("reordered", "\(reordered)"),
            ("duplicates", "\(duplicates)"),
            ("latency_us", JSONText.latency(latency)),
            ("gateway_cpu_seconds_per_gb", JSONText.number(gateway?.cpuSecondsPerGB)),
            ("gateway_cpu_user_seconds", JSONText.number(gateway?.userSeconds)),
            ("gateway_cpu_system_seconds", JSONText.number(gateway?.systemSeconds)),
            ("gateway_rss_bytes", gateway.map { "\($0.residentBytes)" } ?? "null"),
            ("size", "\(size)"),
            ("burst", "\(burst)"),
            ("pairs", "\(pairs)"),
            ("seconds", JSONText.number(seconds)),
        ])
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
