package import APIContract
import GatewayDomain

/// Why a request has no answer, as a sentence that says what to do. It never holds the API key.
package enum ClientError: Error, Sendable {
    /// The server refuses the request. It has changed nothing.
    case refused(Refusal)
    /// The server was not reached.
    case unreachable(ServerURL, reason: String)
    /// The server's certificate is not trusted.
    ///
    /// - Parameter found: its fingerprint, where the handshake came as far as that.
    case untrusted(ServerURL, reason: String, found: CertificateFingerprint? = nil)
    /// The connection was lost behind a request that may have been carried out.
    case uncertain(ServerURL, reason: String)
    /// There was no answer in time.
    case timedOut(ServerURL, after: Duration)
    /// The answer is not one of this API.
    case notUnderstood(String)
    /// The caller has stopped waiting.
    case cancelled
}

/// What the server has against a request.
package struct Refusal: Sendable {
    package let status: Int
    /// Empty where something in front of the server answered.
    package let entries: [Decoded<ErrorMembers>]
    /// Names the request in the server's log.
    package let requestID: String?
    /// Seconds after which the server wants to be asked again.
    let retryAfter: Int64?

    /// The code of the first entry, if this version knows it.
    package var code: ErrorCode? { entries.first.flatMap { ErrorCode(rawValue: $0.code) } }

    package func has(_ code: ErrorCode) -> Bool {
        entries.contains { $0.code == code.rawValue }
    }

    /// Whether something is wrong with the member at this pointer.
    package func concerns(_ pointer: String) -> Bool {
        entries.contains { $0.source?.pointer == pointer }
    }
}

extension Refusal: CustomStringConvertible {
    package var description: String { text { _ in nil } }

    /// The sentences of all entries.
    ///
    /// - Parameter name: what the user calls the member at a JSON pointer, or a parameter; nil for its own name.
    package func text(calling name: (_ source: String) -> String?) -> String {
        guard !entries.isEmpty else {
            return "the server, or a proxy in front of it, answers HTTP \(status)"
        }
        var text = entries.map { $0.detail(calling: name) }.joined(separator: " ")
        if status >= 500, let requestID { text += " The server's log has it as \(requestID)." }
        return text
    }
}

extension Decoded<ErrorMembers> {
    /// The detail, which begins with the member or the parameter that it is about where it is about one.
    package func detail(calling name: (_ source: String) -> String?) -> String {
        let detail: String = self.detail
        guard let source = self.source?.pointer ?? self.source?.parameter, let name = name(source)
        else { return detail }
        let member = "'\(source.split(separator: "/").joined(separator: "."))' "
        guard detail.hasPrefix(member) else { return detail }
        return "\(name) \(detail.dropFirst(member.count))"
    }
}

extension ClientError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .refused(let refusal):
            refusal.description
        case .unreachable(let url, let reason):
            "\(url) cannot be reached: \(reason)"
        case .untrusted(let url, let reason, _):
            "\(url) is not trusted: \(reason)"
        case .uncertain(let url, let reason):
            "the connection to \(url) was lost (\(reason)); the request may have been carried out: look before you send it again"
        case .timedOut(let url, let limit):
            "\(url) has not answered for \(limit.components.seconds) seconds; see whether the server is busy, and try again"
        case .notUnderstood(let reason):
            "the server is not understood: \(reason); see that the URL is that of a wgw server of this version"
        case .cancelled:
            "the request was cancelled"
        }
    }
}

extension ClientError {
    /// Whether the same request may be answered a little later, as by a server that is restarted.
    package var mayPass: Bool {
        switch self {
        case .unreachable, .uncertain, .timedOut: true
        case .refused(let refusal): (502...504).contains(refusal.status)
        case .untrusted, .notUnderstood, .cancelled: false
        }
    }

    /// An answer that lacks what its contract has.
    init(_ problem: FieldProblem) {
        self = .notUnderstood("'\(problem.pointer)' of its answer is not what it should be")
    }
}
