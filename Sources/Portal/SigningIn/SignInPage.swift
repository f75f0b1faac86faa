import HTTPTypes
import Hummingbird

/// The sign-in page: with name and password, with an API key, or with the code of a link. It needs no
/// JavaScript.
struct SignInPage {
    var next = LocalPath.overview
    /// Of a link. Showing the page does not use it up.
    var code: String?
    /// What went wrong, in words.
    var fault: String?
    /// What happened otherwise.
    var note: String?
    /// As it was typed. What was typed as a secret is not shown again.
    var name: String?
    var isForAPIKey = false

    func response(_ status: HTTPResponse.Status = .ok) -> Response {
        Templates.page(
            "sign-in",
            [
                "title": "Sign in",
                "next": next.text,
                "codes": code.map { [$0] } ?? [],
                "hasCode": code != nil,
                "faults": fault.map { [$0] } ?? [],
                "notes": note.map { [$0] } ?? [],
                "name": name ?? "",
                "isForAPIKey": isForAPIKey,
                "withoutCode": next.signIn.text,
            ],
            status: status
        )
    }
}
