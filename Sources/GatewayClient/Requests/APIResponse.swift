package import JSON

/// A successful answer.
package struct APIResponse: Sendable {
    package let status: Int
    package let bytes: [UInt8]
    /// With the entity tag, `If-Match` holds a change to what was read.
    package let entityTag: String?

    package var text: String { String(decoding: bytes, as: UTF8.self) }

    package func json() throws(ClientError) -> JSONValue {
        do throws(JSONError) {
            return try JSONParser.parse(bytes)
        } catch {
            throw .notUnderstood("its answer is not JSON")
        }
    }
}
