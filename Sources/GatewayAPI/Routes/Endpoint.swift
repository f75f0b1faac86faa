import HTTPEdge
import HTTPTypes
import Hummingbird
import HummingbirdCore

/// One line of the API: a method, a path, what the document says about them, and the function that
/// answers.
struct Endpoint<Context: Sendable>: Sendable {
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

    /// HEAD comes with each GET.
    var methods: [HTTPRequest.Method] {
        method == .get ? [.get, .head] : [method]
    }
}

extension RouterMethods<EdgeContext> {
    func add(_ endpoints: [Endpoint<EdgeContext>]) {
        for endpoint in endpoints {
            for method in endpoint.methods {
                on(RouterPath(endpoint.path), method: method, use: endpoint.answer)
            }
        }
    }

    func add(_ routes: [EdgeRoute]) {
        for route in routes {
            for method in route.methods {
                on(RouterPath(route.path), method: method) { request, context in
                    guard let response = try await route.answer(request, context) else {
                        throw Problem.notFound
                    }
                    return response
                }
            }
        }
    }

    /// Asks for the caller before the endpoint sees the request.
    func add(_ endpoints: [Endpoint<CallerContext>], for requireCaller: RequireCaller) {
        for endpoint in endpoints {
            for method in endpoint.methods {
                on(RouterPath(endpoint.path), method: method) { request, context in
                    try await endpoint.answer(
                        request,
                        CallerContext(
                            caller: try await requireCaller.caller(of: request, context),
                            client: context.client,
                            channel: context.channel,
                            parameters: context.parameters
                        )
                    )
                }
            }
        }
    }
}
