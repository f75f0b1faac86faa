import JSON
import LoadGenerator

extension HandshakeReport: PrintedReport {
    var json: JSONValue {
        [
            "handshakes_per_second": .figure(alone.completedPerSecond),
            "x25519_ns": .figure(curveNanoseconds),
            "x25519_ratio": .figure(shareOfFloor),
            "storm": alone.json,
            "storm_beside_data": besideData.json,
            "throughput_gbps_before": .figure(gigabitsPerSecondBefore),
            "throughput_gbps_during": .figure(gigabitsPerSecondDuring),
            "throughput_ratio": .figure(throughputRatio),
            "attack": .string(options.attack?.rawValue),
            "peers": .integer(stormingPeers),
            "seconds": .figure(options.seconds),
        ]
    }

    var text: String {
        let rows = [
            ("load", load),
            (
                "X25519",
                "\(FixedPoint.text(curveNanoseconds / 1000, 1)) us; four of them allow "
                    + "\(FixedPoint.text(1e9 / (4 * curveNanoseconds), 0)) handshakes/s, "
                    + "the hub reached \(FixedPoint.text(shareOfFloor * 100, 1)) % of that"
            ),
            (
                "data",
                "\(FixedPoint.text(gigabitsPerSecondBefore, 3)) Gbit/s before the storm, "
                    + "\(FixedPoint.text(gigabitsPerSecondDuring, 3)) during it "
                    + "(\(FixedPoint.text(throughputRatio * 100, 1)) %)"
            ),
        ]
        return AlignedText.rows(rows + alone.rows("alone") + besideData.rows("with data"))
    }

    private var load: String {
        let pace = options.rate.map { "\(FixedPoint.text($0, 0)) handshakes/s" }
        let attack = options.attack.map { ", attack: \($0.rawValue)" }
        return "\(pace ?? "as many handshakes as are answered"), \(stormingPeers) peers, "
            + "\(FixedPoint.text(options.seconds, 1)) s a part\(attack ?? "")"
    }
}

extension StormResult {
    fileprivate var json: JSONValue {
        [
            "started_per_second": .figure(startedPerSecond),
            "completed_per_second": .figure(completedPerSecond),
            "unanswered": .integer(unanswered),
            "cookies": .integer(cookies),
            "refused": .integer(refused),
            "attack_per_second": .figure(attackPerSecond),
            "latency_us": .latency(latency),
            "gateway_cpu_seconds_per_1000_handshakes": .figure(gatewaySecondsPerThousand),
        ]
    }

    fileprivate func rows(_ name: String) -> [(name: String, value: String)] {
        var outcome =
            "\(FixedPoint.text(completedPerSecond, 0)) handshakes/s completed of "
            + "\(FixedPoint.text(startedPerSecond, 0)) started, \(unanswered) unanswered, "
            + "\(cookies) cookies"
        if refused > 0 { outcome += ", \(refused) answers refused" }
        var rows = [(name, outcome)]
        if attackPerSecond > 0 {
            rows.append(("", "beside \(FixedPoint.text(attackPerSecond, 0)) attacks/s"))
        }
        if let latency { rows.append(("", "latency " + latency.text)) }
        if let gatewaySecondsPerThousand {
            let seconds = FixedPoint.text(gatewaySecondsPerThousand, 3)
            rows.append(("", "gateway CPU \(seconds) s per 1000 handshakes"))
        }
        return rows
    }
}
