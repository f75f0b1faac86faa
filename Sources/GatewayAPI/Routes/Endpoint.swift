import HTTPTypes
import Hummingbird
import HummingbirdCore

/// One line of the API: what is asked of which path, and who answers.
struct Endpoint<Context: RequestContext>: Sendable {
    let method: HTTPRequest.Method
    /// In Hummingbird's notation: `wireguard_peers/:id`.
    let path: String
    /// What the OpenAPI document says about it.
    let operation: Operation
    let answer: @Sendable (Request, Context) async throws -> Answer

    init(
        _ method: HTTPRequest.Method,
        _ path: String,
        _ operation: Operation,
        _ answer: @escaping @Sendable (Request, Context) async throws -> Answer
    ) {
        self.method = method
        self.path = path
        self.operation = operation
        self.answer = answer
    }

    /// What is read can also be asked for without its body.
    var methods: [HTTPRequest.Method] {
        method == .get ? [.get, .head] : [method]
    }
}

extension RouterMethods {
    func add(_ endpoints: [Endpoint<Context>]) {
        for endpoint in endpoints {
            for method in endpoint.methods {
                on(RouterPath(endpoint.path), method: method, use: endpoint.answer)
            }
        }
    }
}
