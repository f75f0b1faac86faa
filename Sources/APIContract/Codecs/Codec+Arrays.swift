import GatewayDomain
import JSON
import OpenAPI

extension Codec {
    /// `description` is that of one element.
    static func array<Element>(
        of codec: Codec<Element>,
        _ description: String
    ) -> Codec where Value == [Element] {
        let element = codec.schema(description)
        return Codec(
            schema: { .array($0, of: element) },
            encode: { .array($0.map(codec.encode)) },
            decode: { (value, pointer) throws(FieldProblem) in
                var elements: [Element] = []
                for (index, json) in try Self.elements(of: value, element, pointer).enumerated() {
                    elements.append(try codec.decode(json, "\(pointer)/\(index)"))
                }
                return elements
            }
        )
    }

    /// The array of a request: an element that cannot be read is a field of its own, so that each is
    /// reported where it stands. One of another JSON type makes the whole array one of the wrong type.
    static func fields<Element>(
        of codec: Codec<Element>,
        _ description: String
    ) -> Codec where Value == [Field<Element>] {
        let element = codec.schema(description)
        return Codec(
            schema: { .array($0, of: element) },
            encode: { fields in
                .array(
                    fields.compactMap { field in
                        guard case .value(let value) = field.content else { return nil }
                        return codec.encode(value)
                    }
                )
            },
            decode: { (value, pointer) throws(FieldProblem) in
                var fields: [Field<Element>] = []
                for (index, json) in try Self.elements(of: value, element, pointer).enumerated() {
                    let place = "\(pointer)/\(index)"
                    do throws(FieldProblem) {
                        let value = try codec.decodeRequested(json, place)
                        fields.append(Field(.value(value), at: place))
                    } catch {
                        if case .wrongType = error.reason {
                            throw FieldProblem(pointer, Self.notAnArray(of: element))
                        }
                        fields.append(Field(.wrong(error), at: place))
                    }
                }
                return fields
            },
            problems: { $0.compactMap(\.problem) }
        )
    }

    private static func notAnArray(of element: Schema) -> FieldProblem.Reason {
        guard case .string(let type) = element.json["type"] else {
            return .wrongType(expected: "array")
        }
        return .wrongType(expected: "array of \(type)s")
    }

    private static func elements(
        of value: JSONValue,
        _ element: Schema,
        _ pointer: String
    ) throws(FieldProblem) -> [JSONValue] {
        guard case .array(let elements) = value else {
            throw FieldProblem(pointer, notAnArray(of: element))
        }
        return elements
    }
}
