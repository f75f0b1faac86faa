import GatewayService
import HTTPEdge
import HTTPTypes
import Hummingbird
import HummingbirdCore
import RateLimiting

/// An API key in the `Authorization` header (RFC 6750 section 2.1).
struct BearerKey: Authentication {
    let controlPlane: ControlPlane
    /// Wrong keys by the address that they come from. One that has sent too many is asked to wait, so that
    /// a client with an old key does not go on at full speed. A right key is never refused, since behind
    /// a proxy all callers come from one address: guessing is made hopeless by the length of keys.
    private let wrongKeys = RateLimiter(RateLimit(perSecond: 1, burst: 20))

    init(controlPlane: ControlPlane) {
        self.controlPlane = controlPlane
    }

    func caller(of request: Request, _ context: EdgeContext) async throws -> Caller? {
        guard let key = Self.token(request.headers[.authorization]) else { return nil }
        let caller = try await controlPlane.authenticate(
            bearer: key,
            actingFor: request.headers[.organization]
        )
        if let caller { return caller }
        if let wait = wrongKeys.take(for: .source(SourceNetwork(of: context.client.address))).wait {
            throw Problem.tooManyRequests(wait)
        }
        throw Problem.unknownCredentials
    }

    static func token(_ header: String?) -> String? {
        guard
            let words = header?.split(separator: " "), words.count == 2,
            words[0].lowercased() == "bearer"
        else { return nil }
        return String(words[1])
    }
}
