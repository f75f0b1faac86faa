import GatewayDomain
import GatewayService
import HTTPTypes
import Hummingbird
import HummingbirdCore
import JSON

extension ControlPlane {
    /// Answers a request that makes something. With an `Idempotency-Key` it is made once, however
    /// often the request comes.
    ///
    /// - Parameter isLocked: whether the stored answer can be opened only with what the request has shown,
    ///   of which the database has the hash: for an answer whose secret the server itself must not have.
    func answer<Value: Sendable>(
        _ request: Request,
        _ context: CallerContext,
        isLocked: Bool = false,
        with answer: @escaping @Sendable (Value) -> Answer,
        _ verb: (JSONObject) async throws -> Verb<Value>
    ) async throws -> Answer {
        guard let text = request.headers[.idempotencyKey] else {
            let verb = try await verb(try await request.jsonObject())
            return answer(try await perform(verb, by: context.caller))
        }
        guard let key = IdempotencyKey(key: text, path: request.canonicalPath) else {
            throw Problem.malformedIdempotencyKey
        }
        let body = try await request.jsonBody()
        let (stored, isRepeated) = try await perform(
            once: key,
            lock: isLocked ? request.shownSecret.map { LinkSecret($0) } : nil,
            content: Array("\(request.uri.query ?? "")\n".utf8) + body.bytes,
            by: context.caller,
            response: { answer($0).stored }
        ) {
            try await verb(try await body.object())
        }
        return Answer(stored, isRepeated: isRepeated)
    }
}

extension Request {
    /// One spelling for all that lead to the same operation on the same object.
    fileprivate var canonicalPath: String {
        MethodTable.components(uri.path).map { component in
            let component = String(component)
            return "/" + (Identifier<Never>(component)?.description ?? component)
        }.joined()
    }
}
