package import GatewayService
package import HTTPEdge
import HTTPTypes
package import HummingbirdCore
import NIOCore

/// Pages for people at paths that the API's document describes. Another target writes them.
package struct LinkPages: Sendable {
    package typealias Share = @Sendable (ShareView) -> PageText
    package typealias Errors = @Sendable (Request) -> Response

    let share: Share
    /// What the codes of errors mean.
    let errors: Errors

    package init(share: @escaping Share, errors: @escaping Errors) {
        self.share = share
        self.errors = errors
    }
}

extension Answer {
    init(_ page: PageText, _ status: HTTPResponse.Status = .ok) {
        self.init(
            status,
            mediaType: "text/html; charset=utf-8",
            bytes: ByteBuffer(string: page.html)
        )
        headers = page.headers
    }
}
