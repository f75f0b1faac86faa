package import JSON

/// An OpenAPI 3.1 document.
package struct Document {
    /// What operations refer to by name.
    package struct Components {
        private let securitySchemes: JSONObject
        private let parameters: [Parameter]
        private let headers: [Header]
        private let responses: [ResponseObject]
        private let schemas: [(name: String, schema: Schema)]

        /// Of parameters and responses those that have a name among the components.
        package init(
            securitySchemes: JSONObject,
            parameters: [Parameter],
            headers: [Header],
            responses: [ResponseObject],
            schemas: [(name: String, schema: Schema)]
        ) {
            self.securitySchemes = securitySchemes
            self.parameters = parameters
            self.headers = headers
            self.responses = responses
            self.schemas = schemas
        }

        fileprivate var json: JSONValue {
            [
                "securitySchemes": .object(securitySchemes),
                "parameters": Self.named(parameters) { ($0.component, $0.json) },
                "headers": Self.named(headers) { ($0.component, $0.json) },
                "responses": Self.named(responses) { ($0.component, $0.json) },
                "schemas": Self.named(schemas) { ($0.name, .object($0.schema.json)) },
            ]
        }

        private static func named<Element>(
            _ elements: [Element],
            _ entry: (Element) -> (name: String?, json: JSONValue)
        ) -> JSONValue {
            .object(
                JSONObject(
                    elements.map(entry).compactMap { name, json in
                        name.map { .init(name: $0, value: json) }
                    }
                )
            )
        }
    }

    private let info: JSONValue
    private let components: Components
    private var paths: [(path: String, operations: JSONObject)] = []

    /// - Parameter info: title, version and the like: an Info Object.
    package init(info: JSONValue, components: Components) {
        self.info = info
        self.components = components
    }

    /// - Parameters:
    ///   - method: as it is spelled in a request.
    ///   - path: from the root, with parameters as `{id}`.
    package mutating func add(_ operation: OperationObject, method: String, path: String) {
        let index = paths.firstIndex { $0.path == path } ?? paths.endIndex
        if index == paths.endIndex { paths.append((path, JSONObject())) }
        paths[index].operations.add(method.lowercased(), operation.json)
    }

    package var json: JSONValue {
        [
            "openapi": "3.1.0",
            "info": info,
            "servers": [["url": "/"]],
            "paths": .object(
                JSONObject(paths.map { .init(name: $0.path, value: .object($0.operations)) })
            ),
            "components": components.json,
        ]
    }
}
