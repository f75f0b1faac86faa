package import APIContract
package import GatewayDomain

/// Limits have no list to be made in: each is a part of what it limits.
extension GatewayClient {
    /// Nil where nothing is limited, or is not there.
    package func limits(
        of subject: LimitSubject
    ) async throws(ClientError) -> Decoded<LimitsMembers>? {
        do throws(ClientError) {
            return try await limits(APICall(.get, subject.limitsPath))
        } catch {
            guard case .refused(let refusal) = error, refusal.status == 404 else { throw error }
            return nil
        }
    }

    /// In the place of those that are there.
    package func setLimits(
        of subject: LimitSubject,
        by request: NewLimits
    ) async throws(ClientError) -> Decoded<LimitsMembers> {
        try await limits(APICall(.put, subject.limitsPath, body: request.json))
    }

    /// Returns them in their last state.
    package func deleteLimits(
        of subject: LimitSubject
    ) async throws(ClientError) -> Decoded<LimitsMembers> {
        try await limits(APICall(.delete, subject.limitsPath))
    }

    private func limits(_ call: APICall) async throws(ClientError) -> Decoded<LimitsMembers> {
        try Self.object(LimitSetting.self, in: try await send(call))
    }
}

extension LimitSubject {
    fileprivate var limitsPath: String {
        switch self {
        case .peer(let id): "\(Resource.peers.path)/\(id)/limits"
        case .gateway(let id): "\(Resource.gateways.path)/\(id)/limits"
        case .organization(let id): "\(Resource.organizations.path)/\(id)/limits"
        }
    }
}
