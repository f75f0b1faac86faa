package import APIContract
package import GatewayDomain

// What the server knows of why packets do not arrive.
extension GatewayClient {
    package func diagnosis(
        of peer: PeerID
    ) async throws(ClientError) -> Decoded<PeerDiagnosisMembers> {
        let call = APICall(.get, "\(Resource.peers.path)/\(peer)/diagnosis")
        return try Self.object(PeerDiagnosis.self, in: try await send(call))
    }

    /// - Parameters:
    ///   - from: the id, the name or the address of a peer of the network.
    ///   - to: the same, or any other address.
    package func explanation(
        in network: NetworkID,
        from: String,
        to: String
    ) async throws(ClientError) -> Decoded<PathExplanationMembers> {
        let call = APICall(
            .get,
            "\(Resource.networks.path)/\(network)/explanation",
            query: [("from", from), ("to", to)]
        )
        return try Self.object(PathExplanation.self, in: try await send(call))
    }
}
