import APIContract
import GatewayClient
import GatewayDomain
import PeerConfig
import WireGuardCrypto

/// The config of a peer, as the server writes it.
enum PeerConfigText {
    /// - Parameters:
    ///   - peer: its id, or the text of it.
    ///   - privateKey: what this machine knows and the server does not; nil leaves the placeholder.
    static func read(
        of peer: some CustomStringConvertible & Sendable,
        _ privateKey: SecretKey?,
        _ client: GatewayClient,
        query: [(name: String, value: String)] = []
    ) async throws(ClientError) -> String {
        let call = APICall(.get, "\(Resource.peers.path)/\(peer)/config", query: query)
        let text = try await client.send(call).text
        return privateKey.map { Placeholder.fill(text, with: $0) } ?? text
    }
}
