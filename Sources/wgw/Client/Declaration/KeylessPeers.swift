import GatewayClient
import GatewayDeclaration

/// Declared peers without a public key, whose key pairs are made on this machine.
enum KeylessPeers {
    /// What keeps their keys from being made, or their configs from being written.
    static func mistakes(in plan: Plan, hasFolder: Bool) -> [Mistake] {
        guard hasFolder else {
            return plan.keyless.filter { $0.id == nil }.map { peer in
                Mistake(
                    line: peer.line,
                    "\(peer.title) has no public_key; declare one, or name a folder with --configs, in which "
                        + "its key is made and its config is written"
                )
            }
        }
        var owners: [String: Plan.Keyless] = [:]
        return plan.keyless.compactMap { peer in
            let file = PeerKeyFolder.fileName(of: peer.name ?? "")
            guard let other = owners.updateValue(peer, forKey: file) else { return nil }
            return Mistake(
                line: peer.line,
                "\(peer.title) and \(other.title) would share the file \(file); rename one of them"
            )
        }
    }

    /// Completes the configs that a run left behind which was stopped between a peer and its config.
    static func finishConfigs(
        of plan: Plan,
        in folder: PeerKeyFolder,
        _ client: GatewayClient
    ) async throws {
        for peer in plan.keyless {
            guard let name = peer.name, let id = peer.id, let publicKey = peer.publicKey,
                try folder.isUnfinished(name, publicKey: publicKey)
            else { continue }
            try folder.finish(name, config: try await PeerConfigText.read(of: id, nil, client))
        }
    }
}
