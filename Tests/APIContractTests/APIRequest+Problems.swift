import APIContract
import GatewayDomain

extension APIRequest {
    /// What reading the body found wrong with its members.
    var problems: [FieldProblem] {
        Mirror(reflecting: self).children.compactMap { ($0.value as? any ReadField)?.problem }
    }
}

/// A field of any type of value.
private protocol ReadField {
    var problem: FieldProblem? { get }
}

extension Field: ReadField {}
