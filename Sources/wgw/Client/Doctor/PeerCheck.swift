import APIContract
import CommandLineProgram
import GatewayClient
import GatewayDomain

/// What the server knows of how a peer does.
enum PeerCheck {
    static func run(_ name: String, _ report: Report, _ client: GatewayClient) async throws {
        let peer = try await PeerNoun.find(name, client)
        let title = PeerNoun.title(of: peer)
        let diagnosis = try await client.diagnosis(of: peer.id)
        try report.print(diagnosis.json, names: diagnosis.findings.map(\.code.text)) { page in
            page.head(title, diagnosis.severity.text, diagnosis.severity.mood)
            for finding in diagnosis.findings { page.add(finding) }
        }
        guard diagnosis.severity == .error else { return }
        throw CommandFailure(
            "\(title.withoutControls) does not get through; do what the findings say, and look again"
        )
    }
}
