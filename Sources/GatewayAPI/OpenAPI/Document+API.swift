import APIContract
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
                "summary": "Private networks with WireGuard gateways and peers.",
                "description": .string(about),
                "license": ["name": "Apache 2.0", "identifier": "Apache-2.0"],
            ],
            components: Components(
                securitySchemes: JSONObject([
                    .init(
                        name: securityScheme,
                        value: [
                            "type": "http", "scheme": "bearer",
                            "description":
                                "An API key in the header of each request: `Authorization: Bearer KEY…`.",
                        ]
                    )
                ]),
                parameters: Parameter.shared,
                headers: Header.shared,
                responses: ResponseObject.refusals,
                schemas: Contracts.schemas
            )
        )
    }

    mutating func add<Context>(_ endpoints: [Endpoint<Context>], under prefix: String = "") {
        for endpoint in endpoints {
            let path = Self.template(prefix + "/" + endpoint.path)
            add(
                endpoint.operation.object(endpoint.method, path),
                method: endpoint.method.rawValue,
                path: path
            )
        }
    }

    private static let about = """
        Every answer has an `x-request-id`, which is the client's own if it sends one. Answers to an API key \
        have `x-ratelimit-limit`, `x-ratelimit-remaining` and `x-ratelimit-reset`. Unknown members of a body \
        and unknown parameters of a query are ignored. An object of another organization is answered like \
        one that does not exist. Filters may be spelled `filter[…]` or `filters[…]`. Lists are in the order \
        in which their objects were made, where `sort` names no other. All mistakes of a body are reported together, and the page \
        `/docs/errors` explains the codes. A browser that has signed in sends the cookie of its session         instead of an API key and may do what the user or the key may that it signed in with; it is         refused with code 90002 where another site has sent the request.
        """

    /// Hummingbird's `:id` is `{id}` here.
    private static func template(_ path: String) -> String {
        MethodTable.components(path).map { component in
            component.hasPrefix(":") ? "/{\(component.dropFirst())}" : "/\(component)"
        }.joined()
    }
}
