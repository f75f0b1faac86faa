import APIContract
import ArgumentParser
import CommandLineProgram
import GatewayClient
import GatewayDomain
import GatewayService

/// `wgw wait peer X --for handshake`. Handshakes are not in the journal, so the peer is looked at again and
/// again.
struct WaitForPeerCommand: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "peer",
        abstract: "Wait until a peer is connected or deleted."
    )

    enum PeerGoal: String, CaseIterable, ExpressibleByArgument {
        case handshake, deleted
    }

    @Argument(help: "The peer, by name or id.", completion: .names(of: PeerNoun.self)) var name:
        String
    @Option(name: .customLong("for"), help: "What to wait for: handshake or deleted.") var goal:
        PeerGoal
    @OptionGroup var wait: WaitOptions
    @OptionGroup(title: "Output") var output: OutputOptions
    @OptionGroup(title: "Server") var server: ServerOptions

    func run(_ client: GatewayClient) async throws {
        let output = try Output(output, of: PeerNoun.self)
        let waiting = wait.waiting(for: name, PeerNoun.self, client)
        switch goal {
        case .deleted:
            guard let last = try await waiting.untilDeleted() else { return }
            let title = PeerNoun.title(of: last).withoutControls
            try output.print(done: "Peer '\(title)' is deleted.", last)
        case .handshake:
            let peer = try await waiting.untilSeen(to: "connected") { peer in
                switch PeerConnection(latestHandshakeAt: peer.latestHandshakeAt, at: .now()) {
                case .connected: .reached
                case .silent, .never:
                    .missing("start WireGuard on it, and see what wgw doctor says")
                }
            }
            try output.print(
                done: "Peer '\(PeerNoun.title(of: peer).withoutControls)' is connected.",
                peer
            )
        }
    }
}
