import WireGuardCrypto
import WireGuardEngine

/// Decides when the remembered peers are worth writing to the file: at once when a peer's endpoint
/// changed, otherwise once a minute.
struct PeerMemory {
    /// How old the time of a peer may be in the file. Small against the time in which peers are called.
    private static let staleSeconds: UInt64 = 60

    private var written: [PublicKey: HeardPeer] = [:]

    /// Whether the file lacks one of these peers, has another endpoint of it, or a time that is too old.
    func isNews(_ peers: [RememberedPeer]) -> Bool {
        peers.contains { peer in
            guard let last = written[peer.publicKey], last.endpoint == peer.heard.endpoint else {
                return true
            }
            let age = Self.staleSeconds * 1_000_000_000
            return peer.heard.lastSeen.nanoseconds >= last.lastSeen.nanoseconds &+ age
        }
    }

    mutating func wrote(_ peers: [RememberedPeer]) {
        written = Dictionary(peers.map { ($0.publicKey, $0.heard) }) { $1 }
    }
}
