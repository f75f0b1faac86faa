import NetAddress
import WireGuardCrypto
import WireGuardEngine

/// The host names of a configuration's endpoints, which peers have them, and where those peers were
/// put when a name was looked up last.
struct EndpointNames {
    private struct Place {
        let configured: PeerEndpoint
        let endpoint: Endpoint
    }

    private var indices: [String: [Int]] = [:]
    private var configured: [PublicKey: PeerEndpoint] = [:]
    private var places: [PublicKey: Place] = [:]

    /// In a stable order.
    var all: [String] { indices.keys.sorted() }

    /// Indices of the configuration's peers, in their order.
    func peers(of name: String) -> [Int] { indices[name] ?? [] }

    mutating func take(_ configuration: HubConfiguration) {
        indices.removeAll()
        configured.removeAll()
        for (index, peer) in configuration.peers.enumerated() {
            guard let endpoint = peer.endpoint, case .name(let name, _) = endpoint else { continue }
            indices[name, default: []].append(index)
            configured[peer.publicKey] = endpoint
        }
        // Where the file says something else now, the peer is put anew.
        places = places.filter { configured[$0.key] == $0.value.configured }
    }

    /// True when the peer was not put there the last time.
    mutating func place(_ peer: PublicKey, at endpoint: Endpoint) -> Bool {
        guard let configured = configured[peer] else { return false }
        let last = places.updateValue(
            Place(configured: configured, endpoint: endpoint),
            forKey: peer
        )
        return last?.endpoint != endpoint
    }
}
