import OpenAPI

/// One member of the API's bodies: its name on the wire, how its value stands in JSON, and what it
/// means. It is declared once; the answers that show it, the requests that ask for it, their OpenAPI
/// schemas and the pointers of errors are made from this declaration.
package struct Member<Value: Sendable>: Sendable {
    package let name: String
    let codec: Codec<Value>
    /// A sentence that can be understood without the body around it: portals and generated clients
    /// show it alone.
    let description: String

    package init(_ name: String, _ codec: Codec<Value>, _ description: String) {
        self.name = name
        self.codec = codec
        self.description = description
    }

    /// The JSON pointer (RFC 6901) of the member in a body that has it on its first level.
    package var pointer: String { "/" + name }

    /// The same member with what it means in another body.
    func described(_ description: String) -> Member {
        Member(name, codec, description)
    }

    var schema: Schema { codec.schema(description) }
}
