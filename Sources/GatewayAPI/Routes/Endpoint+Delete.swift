import GatewayDomain
import GatewayService
import HTTPTypes
import JSON

extension Endpoint<CallerContext> {
    /// Deletes the object whose id is in the path, and answers it as it was.
    static func delete<Kind, Object>(
        _ path: String,
        _ operation: Operation,
        _ controlPlane: ControlPlane,
        _ verb: @escaping @Sendable (Identifier<Kind>, Precondition) -> Verb<Object>,
        _ json: @escaping @Sendable (Object) -> JSONValue
    ) -> Endpoint {
        Endpoint(.delete, path, operation) { request, context in
            let verb = verb(try context.identifier(), request.precondition)
            return .object(json(try await controlPlane.perform(verb, by: context.caller)))
        }
    }
}
