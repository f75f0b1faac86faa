package import GatewayDomain

extension FieldProblem.Reason {
    /// Completes the sentence "'name' …", without the full stop.
    package var predicate: String {
        switch self {
        case .missing:
            "is required"
        case .wrongType(let expected):
            "must be of type \(expected)"
        case .tooShort(let minimum):
            "must have at least \(minimum) character(s), not counting blanks"
        case .tooLong(let maximum):
            "must have at most \(maximum) characters"
        case .invalid(let rest), .taken(let rest):
            rest
        case .unknownRegion:
            "names no region of this server; GET /v2/regions lists them"
        case .unknownWord(let words):
            "must be one of \(words.joined(separator: ", "))"
        case .unknownAssociation:
            "names nothing that exists"
        case .outOfRange(let range):
            "must be from \(range.lowerBound) to \(range.upperBound)"
        }
    }
}
