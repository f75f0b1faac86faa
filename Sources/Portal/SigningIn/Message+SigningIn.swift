import HTTPEdge
import HTTPTypes
import HummingbirdCore

extension Message {
    static let foreignForm = Message(
        title: "This did not come from the portal",
        paragraphs: [
            "A form is accepted only from a page of this server. Open the portal and do it there."
        ],
        link: ("/", "Open the portal"),
        status: .forbidden
    )

    /// Instead of a form whose secret others could read, and whose sign-in would fail: the browser refuses the
    /// cookie.
    static let inTheClear = Message(
        title: "Signing in takes a safe way",
        paragraphs: [
            """
            This page came by plain HTTP from another machine. Others on the way could read your password, and your \
            browser would not keep you signed in. The operator of the server can change that in three ways.
            """,
            "Give the server a certificate: wgw serve --tls-cert FILE --tls-key FILE.",
            """
            Or put a proxy that does TLS in front of it, and name the address of the proxy: \
            wgw serve --trusted-proxies ADDRESS.
            """,
            """
            Or, for one person at a time, forward a port: ssh -L 8080:127.0.0.1:8080 SERVER, where 8080 is the port of \
            the API. Then open http://127.0.0.1:8080/ here.
            """,
        ],
        status: .forbidden
    )

    /// Why nothing of this request can sign a browser in; nil where it can.
    static func objection(to request: Request, of client: ClientEnd) -> Message? {
        if request.isInTheClear(isTLS: client.isTLS) { return inTheClear }
        guard request.method == .post else { return nil }
        return request.isFromOwnPage(isTLS: client.isTLS) ? nil : foreignForm
    }
}
