import NetAddress
import WireGuardCrypto
import WireGuardEngine

/// The host names of a configuration's endpoints, which peers have them, and where those peers were
/// put when a name was looked up last.
struct EndpointNames {
    private struct Located {
        let configured: PeerEndpoint
        /// Nil for a peer that is where it was heard, until its name is looked up.
        let endpoint: Endpoint?
    }

    private var indices: [String: [Int]] = [:]
    private var configured: [PublicKey: PeerEndpoint] = [:]
    private var located: [PublicKey: Located] = [:]

    var isEmpty: Bool { configured.isEmpty }

    /// In a stable order.
    var all: [String] { indices.keys.sorted() }

    /// Indices of the configuration's peers, in their order.
    func peers(of name: String) -> [Int] { indices[name] ?? [] }

    mutating func replace(with configuration: HubConfiguration) {
        indices.removeAll()
        configured.removeAll()
        for (index, peer) in configuration.peers.enumerated() {
            guard let endpoint = peer.endpoint, case .name(let name, _) = endpoint else { continue }
            indices[name, default: []].append(index)
            configured[peer.publicKey] = endpoint
        }
        // Forget where peers were whose endpoint the file has changed.
        located = located.filter { configured[$0.key] == $0.value.configured }
    }

    /// The peer was installed without an endpoint: the next answer puts it there, whatever it is.
    mutating func forget(_ peer: PublicKey) {
        located[peer] = nil
    }

    /// The peer was installed where it was heard: the next answer only tells where its name is.
    mutating func keepWhereHeard(_ peer: PublicKey) {
        guard let configured = configured[peer] else { return }
        located[peer] = Located(configured: configured, endpoint: nil)
    }

    /// True when the name did not lead there the last time.
    mutating func place(_ peer: PublicKey, at endpoint: Endpoint) -> Bool {
        guard let configured = configured[peer] else { return false }
        let last = located.updateValue(
            Located(configured: configured, endpoint: endpoint),
            forKey: peer
        )
        guard let last else { return true }
        return last.endpoint.map { $0 != endpoint } ?? false
    }
}
