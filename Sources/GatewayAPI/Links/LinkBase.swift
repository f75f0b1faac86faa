import HTTPTypes
import Hummingbird
import HummingbirdCore

/// What the links of this server begin with.
package enum LinkBase: Sendable {
    /// Where the operator says that the API is found, without a slash at the end.
    case given(String)
    /// Where the request came to that made the link.
    case ofRequest(isTLS: Bool)

    func link(to path: String, from request: Request) -> String {
        switch self {
        case .given(let base): "\(base)/\(path)"
        case .ofRequest(let isTLS):
            "\(isTLS ? "https" : "http")://\(request.head.authority ?? "localhost")/\(path)"
        }
    }
}
