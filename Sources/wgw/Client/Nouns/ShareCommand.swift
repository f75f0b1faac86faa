import APIContract
import ArgumentParser
import GatewayClient

/// `wgw share`: the links that `wgw peer share` has made.
struct ShareCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: ShareNoun.word,
        abstract: "One-time links to configs of peers, which wgw peer share makes.",
        subcommands: [
            ListCommand<ShareNoun, ShareFilter>.self, GetCommand<ShareNoun>.self,
            DeleteCommand<ShareNoun>.self, WatchCommand<ShareNoun>.self,
        ]
    )
}

struct ShareFilter: ListFilter {
    @Option(help: "Those of this peer, by name or id.", completion: .names(of: PeerNoun.self))
    var peer: String?

    func queries(_ client: GatewayClient) async throws -> [ListQuery] {
        guard let peer else { return [ListQuery()] }
        let found = try await PeerNoun.find(peer, client)
        return [ListQuery([(PeerShareMembers.peerID.name, "\(found.id)")])]
    }
}
