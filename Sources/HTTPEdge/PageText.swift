package import HTTPTypes

/// A page for people, as the target that writes it gives it to one that answers with it.
package struct PageText: Sendable {
    package let html: String
    /// What has to stand on the answer, the media type apart.
    package let headers: HTTPFields

    package init(html: String, headers: HTTPFields) {
        self.html = html
        self.headers = headers
    }
}
