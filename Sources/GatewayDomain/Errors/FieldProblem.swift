/// What is wrong with one member of a request.
package struct FieldProblem: Error, Equatable, Sendable {
    /// JSON pointer into the request body, like `/public_key`.
    package let pointer: String
    package let reason: Reason

    package init(_ pointer: String, _ reason: Reason) {
        self.pointer = pointer
        self.reason = reason
    }

    package enum Reason: Error, Equatable, Sendable {
        case missing
        /// In words for a person: "string", "integer".
        case wrongType(expected: String)
        case tooShort(minimum: Int)
        case tooLong(maximum: Int)
        /// Completes the sentence "This value …".
        case invalid(String)
        /// Something else has this value, or a part of it. Completes the same sentence.
        case taken(String)
        case unknownRegion
        /// None of these words.
        case unknownWord([String])
        /// No private service is called so; with those that there are.
        case unknownService(String, known: [String])
        /// The id in the body names nothing of the caller's.
        case unknownAssociation
        case outOfRange(ClosedRange<Int>)
    }
}
