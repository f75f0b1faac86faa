import HTTPTypes
import JSON
import OpenAPI

/// The document of this API, made of what the endpoints say about themselves.
extension Document {
    static let securityScheme = "api_key"

    static func ofAPI() -> Document {
        Document(
            info: [
                "title": "wgw",
                "version": "2",
                "summary": "Private networks, WireGuard gateways and peers.",
                "description": .string(about),
                "license": ["name": "Apache 2.0", "identifier": "Apache-2.0"],
            ],
            components: Components(
                securitySchemes: JSONObject([
                    .init(
                        name: securityScheme,
                        value: [
                            "type": "http", "scheme": "bearer",
                            "description": "An API key: `Authorization: Bearer KEY…`.",
                        ]
                    )
                ]),
                parameters: Parameter.shared,
                headers: Header.shared,
                responses: ResponseObject.refusals,
                schemas: Schemas.all
            )
        )
    }

    /// - Parameter isGuarded: whether these endpoints ask for a key.
    mutating func add<Context>(
        _ endpoints: [Endpoint<Context>],
        under prefix: String = "",
        isGuarded: Bool
    ) {
        for endpoint in endpoints {
            let path = Self.template(prefix + "/" + endpoint.path)
            add(
                endpoint.operation.object(endpoint.method, path, isGuarded: isGuarded),
                method: endpoint.method.rawValue,
                path: path
            )
        }
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
