import HTTPTypes
import Hummingbird
import HummingbirdCore

/// A page that says one thing and leads on.
struct Message {
    let title: String
    let paragraphs: [String]
    var link: (path: String, text: String)?

    static let unknownPath = Message(
        title: "There is nothing here",
        paragraphs: [
            "The address may be incomplete, or what it led to was deleted."
        ],
        link: ("/", "Go to the overview")
    )

    static let failure = Message(
        title: "The server could not answer",
        paragraphs: [
            "This is a fault of the server, and it is in its log. Try again in a moment."
        ]
    )

    func response(_ status: HTTPResponse.Status) -> Response {
        var values: [String: Any] = ["title": title, "paragraphs": paragraphs]
        if let link { values["link"] = ["path": link.path, "text": link.text] }
        return Templates.page("message", values, status: status)
    }
}
