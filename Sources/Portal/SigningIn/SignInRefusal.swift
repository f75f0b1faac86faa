import GatewayDomain
import HTTPTypes
import Hummingbird

/// Why a browser was not signed in, in words for people.
struct SignInRefusal {
    let text: String
    let status: HTTPResponse.Status
    private var waitSeconds: Int64?

    /// Nil for what is not a refusal, but a fault.
    init?(_ error: any Error, isForAPIKey: Bool = false) {
        switch error {
        case ServiceError.signInRefused:
            text =
                isForAPIKey
                ? "This is not a valid API key." : "The name or the password is wrong."
            status = .unauthorized
        case ServiceError.linkIsSpent:
            text = "This link was used or has expired. Ask for a new one."
            status = .gone
        case ServiceError.tooManySignIns(let wait):
            text = "There were too many attempts. Wait \(Self.span(wait)), then try again."
            status = .tooManyRequests
            waitSeconds = wait
        case ServiceError.organizationSuspended:
            text = "Your organization is suspended. Ask the operator of this server."
            status = .forbidden
        default: return nil
        }
    }

    func answer(_ page: Response) -> Response {
        var page = page
        if let waitSeconds { page.headers[.retryAfter] = "\(waitSeconds)" }
        return page
    }

    private static func span(_ seconds: Int64) -> String {
        switch seconds {
        case ...1: "a second"
        case ...90: "\(seconds) seconds"
        default: "\((seconds + 59) / 60) minutes"
        }
    }
}
