import GatewayDomain
import HTTPEdge
import HTTPTypes
import Hummingbird
import HummingbirdCore

/// A page that says one thing and leads on.
struct Message {
    let title: String
    let paragraphs: [String]
    var link: (path: String, text: String)?
    let status: HTTPResponse.Status

    static let unknownPath = Message(
        title: "There is nothing here",
        paragraphs: [
            "The address may be incomplete, or what it led to was deleted."
        ],
        link: ("/", "Go to the overview"),
        status: .notFound
    )

    static let failure = Message(
        title: "The server could not answer",
        paragraphs: [
            "This is a fault of the server, and it is in its log. Try again in a moment."
        ],
        status: .internalServerError
    )

    var content: (template: String, values: [String: Any]) {
        let links = link.map { [["path": $0.path, "text": $0.text]] } ?? []
        return ("message", ["title": title, "paragraphs": paragraphs, "links": links])
    }

    func response() -> Response {
        Templates.page(content.template, content.values, status: status)
    }
}

extension Message {
    init(_ title: String, _ refusal: SignInRefusal) {
        self.init(title: title, paragraphs: [refusal.text], status: refusal.status)
    }

    /// Of an error that a page can be answered with in words of its own; nil for any other.
    init?(_ error: any Error) {
        switch error {
        case ServiceError.storageUnavailable(let trouble):
            self.init(
                title: "The server cannot use its database",
                paragraphs: ["\(trouble)", trouble.advice],
                status: .serviceUnavailable
            )
        case Refusal.bodyTooLarge(let limit):
            self.init(
                title: "The form is too large",
                paragraphs: [
                    """
                    What a form of this page sends may have \(limit >> 10) KiB. Go back, and type less.
                    """
                ],
                status: .contentTooLarge
            )
        default: return nil
        }
    }
}
