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

    var content: (template: String, values: [String: Any]) {
        let links = link.map { [["path": $0.path, "text": $0.text]] } ?? []
        return ("message", ["title": title, "paragraphs": paragraphs, "links": links])
    }

    func response(_ status: HTTPResponse.Status) -> Response {
        Templates.page(content.template, content.values, status: status)
    }
}
