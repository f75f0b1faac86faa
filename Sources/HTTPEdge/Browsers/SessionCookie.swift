import HTTPTypes
package import HummingbirdCore

/// The one cookie that browsers get: it carries the secret of a session, which no script can read and no
/// other site can send. It is set, read and taken back here only.
package struct SessionCookie: Sendable {
    /// The prefix makes browsers refuse such a cookie from a neighbouring name or without TLS.
    private static let secureName = "__Host-wgw"
    private static let loopbackName = "wgw_session"

    private let name: String
    private let isSecure: Bool

    /// The cookie that fits how a request came. Plain HTTP to a loopback address stays on the machine. Plain
    /// HTTP to any other name has come through a proxy that does TLS, or the browser refuses the cookie.
    package init(for request: Request, isTLS: Bool) {
        isSecure = isTLS || request.head.authority?.isLoopbackAuthority != true
        name = isSecure ? Self.secureName : Self.loopbackName
    }

    /// The secret that the request shows. Nil where it shows none, or more than one.
    package func secret(in request: Request) -> String? {
        Self.value(of: name, in: request)
    }

    /// The secret that the request shows in a cookie of either name, however it came.
    package static func shownSecret(in request: Request) -> String? {
        value(of: secureName, in: request) ?? value(of: loopbackName, in: request)
    }

    private static func value(of name: String, in request: Request) -> String? {
        let values = request.headers[values: .cookie]
            .flatMap { $0.split(separator: ";") }
            .compactMap { pair -> String? in
                let sides = pair.drop { $0 == " " }.split(
                    separator: "=",
                    maxSplits: 1,
                    omittingEmptySubsequences: false
                )
                return sides.count == 2 && sides[0] == name ? String(sides[1]) : nil
            }
        return values.count == 1 ? values[0] : nil
    }

    /// The value of a `Set-Cookie` field that keeps the secret until the browser forgets it.
    ///
    /// - Parameter secret: letters, digits, `-` and `_`.
    package func setting(_ secret: String, seconds: Int64) -> String {
        field(secret, seconds: seconds)
    }

    /// The value of a `Set-Cookie` field that takes the cookie back.
    package var clearing: String { field("", seconds: 0) }

    private func field(_ value: String, seconds: Int64) -> String {
        "\(name)=\(value); Path=/; Max-Age=\(seconds); HttpOnly; SameSite=Strict"
            + (isSecure ? "; Secure" : "")
    }
}
