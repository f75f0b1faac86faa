package import GatewayDomain

extension FieldProblem.Reason {
    /// What completes the sentence about the value; nil for a reason that has a form of its own.
    package var sentence: String? {
        switch self {
        case .invalid(let text), .taken(let text): text
        default: nil
        }
    }
}
