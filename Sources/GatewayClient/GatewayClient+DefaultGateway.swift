package import APIContract
package import GatewayDomain

/// A network has one default gateway at most; every request about it is answered with a list.
extension GatewayClient {
    /// Nil where the network has none.
    package func defaultGateway(
        of network: NetworkID
    ) async throws(ClientError) -> Decoded<DefaultGatewayMembers>? {
        try await defaultGateway(APICall(.get, Self.path(of: network)))
    }

    /// Makes a peer the default gateway, in the place of the one that is there.
    package func replaceDefaultGateway(
        of network: NetworkID,
        by request: NewDefaultGateway
    ) async throws(ClientError) -> Decoded<DefaultGatewayMembers>? {
        try await defaultGateway(APICall(.put, Self.path(of: network), body: request.json))
    }

    /// Returns it in its last state.
    package func deleteDefaultGateway(
        of network: NetworkID
    ) async throws(ClientError) -> Decoded<DefaultGatewayMembers>? {
        try await defaultGateway(APICall(.delete, Self.path(of: network)))
    }

    private static func path(of network: NetworkID) -> String {
        Resource<DefaultGateway>.defaultGateway(of: network).path
    }

    private func defaultGateway(
        _ call: APICall
    ) async throws(ClientError) -> Decoded<DefaultGatewayMembers>? {
        let json = try await send(call).json()
        do throws(FieldProblem) {
            return try Envelope.list(of: DefaultGateway.self, in: json).elements.first
        } catch {
            throw ClientError(error)
        }
    }
}
