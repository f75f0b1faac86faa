import GatewayDomain
import GatewayStore

extension Transaction {
    /// Ends the links to the config file of a peer that is about to be deleted, and writes their journal
    /// entries.
    func deleteLinks(to peer: Peer, in network: NetworkID?) throws {
        for share in try PeerShares.all(of: peer, db) {
            try PeerShares.delete(share, db)
            try journal.deleted(.peerShare(share, in: network))
        }
        guard let url = try PeerConfigURLs.find(of: peer, reading: .forDeletion, db) else { return }
        try PeerConfigURLs.delete(url, db)
        try journal.deleted(.peerConfigURL(url, in: network))
    }
}
