import ArgumentParser
import Foundation
import JSON
import NetAddress
import Testing

@testable import LoadGenerator
@testable import wgw_bench

@Suite("What wgw-bench prints")
struct ReportTests {
    private let gateway = LoadReport.Gateway(
        cpuSecondsPerGB: 2.5,
        userSeconds: 1,
        systemSeconds: 1.5,
        residentBytes: 9_000_000
    )

    private func report(
        latency: [UInt64] = [20_000],
        gateway: LoadReport.Gateway? = nil
    ) -> LoadReport {
        var histogram = LatencyHistogram()
        for value in latency { histogram.record(value) }
        return LoadReport(
            size: 1420,
            burst: 32,
            pairs: 2,
            seconds: 2,
            delivered: 990,
            arrivedInAll: 1_200,
            sent: 1000,
            lost: 10,
            lostBehindGateway: 4,
            reordered: 3,
            duplicates: 1,
            keepalives: 0,
            opened: 60,
            latency: LatencySummary(histogram),
            gateway: gateway
        )
    }

    private func object(_ json: String) throws -> [String: Any] {
        let object = try JSONSerialization.jsonObject(with: Data(json.utf8))
        return try #require(object as? [String: Any])
    }

    @Test("the JSON report of a bench run has exactly the documented keys")
    func keys() throws {
        let object = try object(report(gateway: gateway).json.encoded)
        #expect(
            Set(object.keys) == [
                "throughput_gbps", "packets_per_second", "packets_arrived", "loss_ratio",
                "reordered",
                "duplicates",
                "latency_us", "gateway_cpu_seconds_per_gb", "gateway_cpu_user_seconds",
                "gateway_cpu_system_seconds", "gateway_rss_bytes", "size", "burst", "pairs",
                "seconds",
            ]
        )
        let latency = try #require(object["latency_us"] as? [String: Any])
        #expect(Set(latency.keys) == ["p50", "p90", "p99", "p999"])
    }

    @Test("the figures of a bench report are those of the packets that arrived")
    func figures() throws {
        let object = try object(report(gateway: gateway).json.encoded)
        #expect(object["packets_per_second"] as? Double == 495)
        #expect(object["throughput_gbps"] as? Double == 0.005623)
        #expect(object["loss_ratio"] as? Double == 0.01)
        #expect(object["packets_arrived"] as? Int == 1_200)
        #expect(object["reordered"] as? Int == 3)
        #expect(object["duplicates"] as? Int == 1)
        #expect(object["gateway_cpu_seconds_per_gb"] as? Double == 2.5)
        #expect(object["gateway_rss_bytes"] as? Int == 9_000_000)
        #expect(object["seconds"] as? Double == 2)
    }

    @Test("a figure that a bench run did not measure is null in its JSON")
    func nulls() throws {
        let object = try object(report(latency: []).json.encoded)
        #expect(
            Set(object.filter { $0.value is NSNull }.keys) == [
                "latency_us", "gateway_cpu_seconds_per_gb", "gateway_cpu_user_seconds",
                "gateway_cpu_system_seconds", "gateway_rss_bytes",
            ]
        )
    }

    @Test("the text report of a bench run has a line for each figure, in two columns")
    func text() {
        let lines = report(gateway: gateway).text.split(separator: "\n")
        #expect(lines.contains("throughput      0.006 Gbit/s, 495 packets/s"))
        #expect(
            lines.contains("lost            10 of 1000 (1.0000 %), 4 of them behind the gateway")
        )
        #expect(lines.contains("gateway CPU     2.500 s/GB (1.00 s user, 1.50 s system)"))
        #expect(lines.last == "gateway memory  9.0 MB")
        #expect(report().text.contains("gateway") == true)
        #expect(report().text.contains("gateway CPU") == false)
    }

    @Test("the JSON of the bench's floor names both parts and their sum")
    func floor() throws {
        let floor = FloorReport(
            size: 1420,
            burst: 1,
            aeadSecondsPerGB: 1,
            udpSecondsPerGB: 0.25,
            latency: nil
        )
        let object = try object(floor.json.encoded)
        #expect(object["aead_cpu_seconds_per_gb"] as? Double == 1)
        #expect(object["udp_cpu_seconds_per_gb"] as? Double == 0.25)
        #expect(object["floor_cpu_seconds_per_gb"] as? Double == 1.25)
        #expect(object["size"] as? Int == 1420)
        #expect(object["burst"] as? Int == 1)
    }

    @Test(
        "the documented bench commands are parsed as they are",
        arguments: [
            "config --pairs 3 --listen-port 51820 --subnet 10.64.0.0/15 --out bench",
            """
            run --dir bench --target 127.0.0.1:51820 --pairs 3 --size 256 --seconds 5 \
            --rate 1000 --streams both-ways --burst 1 --gateway-pid 7 --json
            """,
            "run --dir bench --target 127.0.0.1:51820 --streams one-way",
            "floor --size 256 --burst 1 --json",
        ]
    )
    func commands(line: String) throws {
        _ = try WGWBench.parseAsRoot(line.split(separator: " ").map(String.init))
    }

    @Test("the report of fairness says what a neighbour has left, in percent and as a part")
    func fairness() throws {
        func stream(_ delivered: UInt64) -> StreamReport {
            StreamReport(sent: 1000, delivered: delivered, seconds: 2, latency: nil)
        }
        let endpoint = Endpoint(address: .v4(.loopback), port: 1)
        let report = FairnessReport(
            options: FairnessOptions(neighbour: endpoint, tenant: endpoint),
            tenantPeers: 10_000,
            capacityGigabitsPerSecond: 4,
            alone: stream(1000),
            besidePackets: stream(900),
            besideHandshakes: stream(850),
            tenantGigabitsPerSecond: 1.5,
            tenantHandshakesPerSecond: 4_000
        )
        #expect(report.text.contains("beside packets     90.0 % of that are left: 450 packets/s"))
        #expect(report.text.contains("beside handshakes  85.0 % of that are left: 425 packets/s"))
        let object = try object(report.json.encoded)
        #expect(object["left_by_packets"] as? Double == 0.9)
        #expect(object["left_by_handshakes"] as? Double == 0.85)
        #expect(object["tenant_peers"] as? Int == 10_000)
    }
}
