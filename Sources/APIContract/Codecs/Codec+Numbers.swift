import GatewayDomain
import JSON
import OpenAPI

extension Codec<Bool> {
    static var bool: Codec {
        Codec(schema: Schema.bool, encode: JSONValue.bool) {
            (value, pointer) throws(FieldProblem) in
            guard case .bool(let flag) = value else {
                throw FieldProblem(pointer, .wrongType(expected: "boolean"))
            }
            return flag
        }
    }
}

extension Codec where Value: FixedWidthInteger {
    /// A number from 0, which answers show.
    static var count: Codec { .integer(in: 0...Int.max) }

    static func integer(in range: ClosedRange<Int>) -> Codec {
        .integer(shownAs: range) { (number) throws(FieldProblem.Reason) in
            guard range.contains(Int(clamping: number)) else { throw .outOfRange(range) }
            return number
        }
    }

    /// A number whose bounds depend on other objects, so that a verb has to check them. `range` is what
    /// the schema says.
    static func integer(checkedByVerb range: ClosedRange<Int>) -> Codec {
        .integer(shownAs: range) { $0 }
    }

    private static func integer(
        shownAs range: ClosedRange<Int>,
        judge: @escaping @Sendable (Value) throws(FieldProblem.Reason) -> Value
    ) -> Codec {
        Codec(
            schema: { .integer($0, range) },
            encode: { .integer(Int(clamping: $0)) },
            decode: { (value, pointer) throws(FieldProblem) in
                guard case .integer(let number) = value else {
                    throw FieldProblem(pointer, .wrongType(expected: "integer"))
                }
                guard let value = Value(exactly: number) else {
                    throw FieldProblem(pointer, .outOfRange(range))
                }
                return value
            },
            judge: judge
        )
    }
}
