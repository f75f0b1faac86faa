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
            "names no region of this server; wgw region list (GET /v2/regions) shows them"
        case .unknownWord(let words):
            "must be one of \(words.joined(separator: ", "))"
        case .unknownService(let name, let known):
            Self.predicate(ofService: name, among: known)
        case .unknownAssociation:
            "names nothing that exists"
        case .outOfRange(let range):
            "must be from \(range.lowerBound) to \(range.upperBound)"
        }
    }

    /// Only a name that a service could have is repeated.
    private static func predicate(ofService name: String, among known: [String]) -> String {
        let what = ServiceName.isWellFormed(name) ? "service '\(name)'" : "service with such a name"
        let others = known.isEmpty ? "none" : known.joined(separator: ", ")
        return "must name private services: there is no \(what); the server has \(others)"
    }
}
