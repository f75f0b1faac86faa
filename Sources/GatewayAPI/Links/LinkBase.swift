import HTTPEdge
import HTTPTypes
import Hummingbird
import HummingbirdCore

/// What the links of this server begin with.
package enum LinkBase: Sendable {
    /// Where the operator says that the API is found, without a slash at the end.
    case given(String)
    /// Where the request came to that made the link, by its own word: only a caller who has shown who it is gets
    /// a link, and gets it itself.
    case ofRequest

    func link(to path: String, from request: Request, of client: ClientEnd) -> String {
        "\(base(for: request, of: client))/\(path)"
    }

    /// Without a slash at the end.
    func base(for request: Request, of client: ClientEnd) -> String {
        switch self {
        case .given(let base): base
        case .ofRequest:
            "\(client.isTLS ? "https" : "http")://\(request.head.authority ?? "localhost")"
        }
    }
}
