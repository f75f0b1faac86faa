import GatewayDomain
import JSON
import OpenAPI

extension Codec where Value: LosslessStringConvertible {
    /// A decimal number, as a text: a number of JSON is a binary one to most readers.
    static func decimal(example: String) -> Codec {
        .string(
            { .string($0, pattern: #"^[0-9]+\.[0-9]{2,6}$"#, example: .string(example)) },
            write: \.description
        ) { (text) throws(FieldProblem.Reason) in
            guard let value = Value(text) else {
                throw .invalid("must be a decimal number such as \(example)")
            }
            return value
        }
    }
}

extension Codec<CalendarMonth> {
    static var month: Codec {
        .string(
            { .string($0, pattern: "^[0-9]{4}-[0-9]{2}$", example: "2026-11") },
            write: \.description
        ) { (text) throws(FieldProblem.Reason) in
            guard let month = CalendarMonth(text) else {
                throw .invalid("must be a month such as 2026-11")
            }
            return month
        }
    }
}
