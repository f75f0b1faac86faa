import GatewayDomain
import GatewayService
import HTTPTypes
import Hummingbird
import HummingbirdCore
import JSON

extension Services {
    /// Answers a request that makes something. With an `Idempotency-Key` it is made once, however
    /// often the request comes.
    func answer<Value: Sendable>(
        _ request: Request,
        _ context: CallerContext,
        with answer: @escaping @Sendable (Value) -> Answer,
        making make: (JSONObject, Settlement<Value>) async throws -> Value
    ) async throws -> Answer {
        guard let key = request.headers[.idempotencyKey] else {
            return answer(try await make(try await request.jsonObject(), .none))
        }
        guard let repeatable = RepeatableRequest(key: key, path: request.canonicalPath) else {
            throw Problem.malformedIdempotencyKey
        }
        let body = try await request.jsonBody()
        let (given, isRepeated) = try await answerOnce(
            repeatable,
            content: Array("\(request.uri.query ?? "")\n".utf8) + body.bytes,
            by: context.caller,
            answer: { answer($0).given }
        ) { settlement in
            try await make(try await body.object(), settlement)
        }
        return Answer(given, isRepeated: isRepeated)
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
