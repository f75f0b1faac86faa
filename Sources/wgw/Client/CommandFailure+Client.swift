import APIContract
import CommandLineProgram
import GatewayClient

extension CommandFailure {
    /// What an error of the client means for the command, and what can be done about it from here.
    init(_ error: ClientError, _ choice: ServerChoice) {
        self.init(Self.sentence(error, choice), Self.status(error))
    }

    private static func sentence(_ error: ClientError, _ choice: ServerChoice) -> String {
        switch error {
        case .refused(let refusal) where refusal.status == 401:
            choice.server.apiKey == nil
                ? "\(choice.server.url) wants an API key; \(choice.keyAdvice)"
                : "\(choice.server.url) does not know the API key of \(choice.keySource); \(choice.keyAdvice)"
        case .unreachable where choice.isLocal:
            "\(error); it should be the server of \(choice.name): see that it runs (wgw serve)"
        case .unreachable:
            "\(error); the URL is that of \(choice.name)"
        case .refused(let refusal):
            refusal.text(calling: RequestOption.name(of:))
        default:
            "\(error)"
        }
    }

    static func status(_ error: ClientError) -> ExitStatus {
        switch error {
        case .unreachable, .untrusted: .unreachable
        case .timedOut: .timedOut
        case .uncertain, .notUnderstood, .cancelled: .failed
        case .refused(let refusal): status(refusal)
        }
    }

    private static func status(_ refusal: Refusal) -> ExitStatus {
        switch (refusal.status, refusal.code) {
        case (404, _): .notFound
        case (401, _), (403, _): .denied
        // The server, or a proxy in front of it, is there and cannot serve.
        case (502...504, _): .unreachable
        case (409, _), (412, _): .conflict
        case (_, .duplicate), (_, .inUse), (_, .networkInUse), (_, .limited): .conflict
        case (_, .unknownAssociation): .notFound
        default: .failed
        }
    }
}
