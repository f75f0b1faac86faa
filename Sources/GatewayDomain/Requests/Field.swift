/// One member of a request body before validation, which is left to the verb so that one answer can name
/// everything that is wrong.
package enum Field<Value: Sendable>: Sendable {
    case absent
    case null
    case wrongType
    case value(Value)
}

extension Field: Equatable where Value: Equatable {}

/// What a member can hold, and how the error calls it when it holds something else.
package protocol FieldValue: Sendable {
    static var typeName: String { get }
}

extension String: FieldValue {
    package static var typeName: String { "string" }
}

extension Bool: FieldValue {
    package static var typeName: String { "boolean" }
}

extension Int: FieldValue {
    package static var typeName: String { "integer" }
}

extension [String]: FieldValue {
    package static var typeName: String { "array of strings" }
}

/// The member `preshared_key` of a request.
package enum PresharedKeyRequest: Equatable, FieldValue {
    /// `true`: the server makes one.
    case make
    /// `false`: without one.
    case without
    case given(String)

    package static var typeName: String { "true, false or string" }
}
