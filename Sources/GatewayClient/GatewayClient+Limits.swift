package import APIContract
package import GatewayDomain

/// Limits have no list to be made in: each is a part of what it limits.
extension GatewayClient {
    /// Nil where nothing is limited, or is not there.
    package func limits(
        of subject: LimitSubject
    ) async throws(ClientError) -> Decoded<LimitsMembers>? {
        try await Self.known(subject, send)?.limits
    }

    /// Sets what is made out of those that are there; where they have changed meanwhile, once more out of what they are
    /// then. The first limits of all have no version that could be held on to.
    package func changeLimits(
        of subject: LimitSubject,
        _ change: (Decoded<LimitsMembers>?) throws -> NewLimits
    ) async throws -> Decoded<LimitsMembers> {
        try await Self.changeLimits(of: subject, change, send)
    }

    static func changeLimits(
        of subject: LimitSubject,
        _ change: (Decoded<LimitsMembers>?) throws -> NewLimits,
        _ send: (APICall) async throws(ClientError) -> APIResponse
    ) async throws -> Decoded<LimitsMembers> {
        func set() async throws -> Decoded<LimitsMembers> {
            let old = try await known(subject, send)
            var call = APICall(.put, subject.limitsPath, body: try change(old?.limits).json)
            call.ifMatch = old?.tag
            return try object(LimitSetting.self, in: try await send(call))
        }
        do {
            return try await set()
        } catch ClientError.refused(let refusal) where refusal.status == 412 {
            return try await set()
        }
    }

    private static func known(
        _ subject: LimitSubject,
        _ send: (APICall) async throws(ClientError) -> APIResponse
    ) async throws(ClientError) -> (limits: Decoded<LimitsMembers>, tag: String?)? {
        do throws(ClientError) {
            let answer = try await send(APICall(.get, subject.limitsPath))
            return (try object(LimitSetting.self, in: answer), answer.entityTag)
        } catch {
            guard case .refused(let refusal) = error, refusal.status == 404 else { throw error }
            return nil
        }
    }

    /// Returns them in their last state; nil where nothing is limited, or is not there.
    package func deleteLimits(
        of subject: LimitSubject
    ) async throws(ClientError) -> Decoded<LimitsMembers>? {
        do throws(ClientError) {
            let answer = try await send(APICall(.delete, subject.limitsPath))
            return try Self.object(LimitSetting.self, in: answer)
        } catch {
            guard case .refused(let refusal) = error, refusal.status == 404 else { throw error }
            return nil
        }
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
