import GatewayDomain
import HTTPTypes
import JSON

/// The OpenAPI 3.1 document, made of what the endpoints say about themselves.
struct Document {
    private var paths: [(path: String, operations: JSONObject)] = []

    /// - Parameter isGuarded: whether these endpoints ask for a key.
    mutating func add<Context>(
        _ endpoints: [Endpoint<Context>],
        under prefix: String = "",
        isGuarded: Bool
    ) {
        for endpoint in endpoints {
            let path = Self.template(prefix + "/" + endpoint.path)
            let operation = OperationObject(endpoint.operation, endpoint.method, path, isGuarded)
            let index = paths.firstIndex { $0.path == path } ?? paths.endIndex
            if index == paths.endIndex { paths.append((path, JSONObject())) }
            paths[index].operations.add(endpoint.method.rawValue.lowercased(), operation.json)
        }
    }

    var json: JSONValue {
        [
            "openapi": "3.1.0",
            "info": [
                "title": "wgw",
                "version": "2",
                "summary": "Private networks, WireGuard gateways and peers.",
                "description": .string(Self.about),
                "license": ["name": "Apache 2.0", "identifier": "Apache-2.0"],
            ],
            "servers": [["url": "/"]],
            "paths": .object(
                JSONObject(paths.map { .init(name: $0.path, value: .object($0.operations)) })
            ),
            "components": [
                "securitySchemes": [
                    "api_key": [
                        "type": "http", "scheme": "bearer",
                        "description": "An API key: `Authorization: Bearer KEY…`.",
                    ]
                ],
                "parameters": .object(
                    JSONObject(
                        Parameter.shared.map {
                            .init(name: $0.component ?? $0.name, value: $0.json)
                        }
                    )
                ),
                "headers": .object(JSONObject(Headers.all)),
                "responses": .object(JSONObject(Refusals.all)),
                "schemas": .object(
                    JSONObject(
                        Schemas.all.map { .init(name: $0.name, value: .object($0.schema.json)) }
                    )
                ),
            ],
        ]
    }

    private static let about = """
        Every answer has `x-request-id`; the client's own is taken if it sends one. Answers to a key \
        have `x-ratelimit-limit`, `x-ratelimit-remaining` and `x-ratelimit-reset` (seconds). Members \
        of a body and parameters of a query that nobody knows are ignored. What another organization \
        owns is answered like what does not exist. Filters may be spelled `filter[…]` or \
        `filters[…]`. Lists are in the order in which their objects were made. DELETE answers with what was \
        deleted. All errors of a body are reported together; `/docs/errors` explains the codes.
        """

    /// Hummingbird's `:id` is `{id}` here.
    private static func template(_ path: String) -> String {
        MethodTable.components(path).map { component in
            component.hasPrefix(":") ? "/{\(component.dropFirst())}" : "/\(component)"
        }.joined()
    }
}
