import Foundation
import GatewayDomain
import GatewayService
import NodeProtocol
import ServiceTestSupport
import TestSupport
import Testing

/// What LibreOffice makes of the tables that the API exports.
@Suite(
    .enabled(
        if: Spreadsheet.isInstalled || ContinuousIntegration.isOn,
        "LibreOffice is not installed; `make test` installs it."
    ),
    .timeLimit(.minutes(10))
)
struct SpreadsheetTests {
    private static let names = [
        #"=HYPERLINK("http://x","y")"#, "=1+1", "@SUM(1)", "+1", "-1", "=cmd|'/c x'!A0", "\"=1+1",
        "a,=1+1",
    ]

    @Test(
        "a spreadsheet runs a cell that begins like a formula, or else the next test shows nothing"
    )
    func control() throws {
        let cells = try Spreadsheet.open("name\r\n=1+1\r\n")
        #expect(cells.formulas == 1)
    }

    @Test(
        "no name of a peer or a gateway is a formula in the tables of usage, costs and peers, and each is there"
    )
    func names() async throws {
        let api = try await TestAPI()
        try await api.serve { client in
            let network = try await client.network()
            for name in Self.names {
                let member = ",\"name\":\(try Self.quoted(name))"
                let gateway = try await client.gateway(in: network, member)
                let peer = try await client.peer(of: gateway, member)
                try await api.controlPlane.nodeFeed.report(peers: [
                    try Self.report(of: peer, at: api.clock.now())
                ])
            }
            for table in ["usage.csv?group_by=peer", "costs.csv", "wireguard_peers.csv"] {
                let answer = try await client.get("/v2/\(table)")
                #expect(answer.status == 200)
                let cells = try Spreadsheet.open(answer.text)
                #expect(cells.formulas == 0, "\(table)")
                for name in Self.names {
                    #expect(
                        cells.texts.contains { $0 == name || $0 == "'" + name },
                        "\(name) in \(table)"
                    )
                }
            }
        }
    }

    private static func quoted(_ text: String) throws -> String {
        String(decoding: try JSONEncoder().encode(text), as: UTF8.self)
    }

    private static func report(of peer: String, at now: Timestamp) throws -> PeerReport {
        let counts = UsageCounts(rxPackets: 1, rxBytes: 20, txPackets: 3, txBytes: 40)
        return PeerReport(
            id: try #require(PeerID(peer)),
            lastSeen: nil,
            latestHandshakeAt: nil,
            endpoint: nil,
            rxBytesAdded: 0,
            txBytesAdded: 0,
            usageAdded: HourlyUsage([
                .init(hour: UsageHour(of: now), kind: .hairpin, counts: counts)
            ])
        )
    }
}

/// A table in LibreOffice, as its own flat XML has it.
private struct Spreadsheet {
    let formulas: Int
    /// What stands in its cells.
    let texts: [String]

    static let isInstalled = (try? Command.run("which", "soffice").status) == 0

    static func open(_ table: String) throws -> Spreadsheet {
        let folder = try TemporaryDirectory()
        let file = folder.url.appending(path: "table.csv")
        try Data(table.utf8).write(to: file)
        try Command.require(
            "soffice",
            "--headless",
            // Several at a time would share one profile, and wait for each other.
            "-env:UserInstallation=\(folder.url.appending(path: "profile").absoluteString)",
            "--convert-to",
            "fods",
            "--outdir",
            folder.url.path,
            file.path
        )
        let opened = try String(
            contentsOf: folder.url.appending(path: "table.fods"),
            encoding: .utf8
        )
        return Spreadsheet(
            formulas: opened.matches(of: /table:formula=/).count,
            texts: opened.matches(of: /<text:p>(.*?)<\/text:p>/).map { plain(String($0.1)) }
        )
    }

    private static func plain(_ text: String) -> String {
        [("&quot;", "\""), ("&apos;", "'"), ("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")]
            .reduce(text) { $0.replacing($1.0, with: $1.1) }
    }
}
