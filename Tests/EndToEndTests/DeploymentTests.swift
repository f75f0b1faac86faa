import EndToEndSupport
import Foundation
import TestSupport
import Testing

/// The example of `deploy/`.
struct DeploymentTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "deploy")

    @Test("every metric that alerts and dashboard ask for is one that a server tells")
    func metrics() async throws {
        try await LoopbackServer.run { server in
            let told = Set(
                try await server.api.metrics().compactMap { line in
                    line.wholeMatch(of: /# TYPE (\w+) (\w+)/).map { match in
                        // Of a histogram the rules take the buckets.
                        match.2 == "histogram" ? "\(match.1)_bucket" : String(match.1)
                    }
                }
            )
            for file in ["prometheus/wgw.rules.yml", "grafana/wgw.json"] {
                let asked = try Set(
                    Self.text(file).matches(of: /wgw_\w+/).map { String($0.output) }
                )
                #expect(asked.contains("wgw_node_connected"))
                #expect(asked.subtracting(told) == [], "of \(file)")
            }
        }
    }

    @Test("the alerts of the example are rules as Prometheus reads them")
    func rules() throws {
        try Command.require(
            "promtool",
            "check",
            "rules",
            Self.folder.appending(path: "prometheus/wgw.rules.yml").path
        )
    }

    @Test("each alert of the example stands in its README, and no other one")
    func alerts() throws {
        let alerts = try Self.text("prometheus/wgw.rules.yml").matches(of: /alert: (\w+)/)
        let named = try Self.text("README.md").matches(of: /`(Wgw\w+)`/)
        #expect(Set(alerts.map(\.1)) == Set(named.map(\.1)))
    }

    private static func text(_ file: String) throws -> String {
        try String(contentsOf: folder.appending(path: file), encoding: .utf8)
    }
}
