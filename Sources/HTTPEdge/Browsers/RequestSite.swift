import HTTPTypes
package import HummingbirdCore

extension Request {
    /// Whether a page of this server has sent the request, as browsers tell of each. It has to be so for all
    /// that changes something and is let in by a cookie or begins a session: another site can make a browser
    /// send a form, too.
    ///
    /// - Parameter isTLS: whether the client speaks TLS. Then a page that came without it is not of this
    ///   server: anyone on the way could have written it.
    package func isFromOwnPage(isTLS: Bool) -> Bool {
        if let site = headers[.secFetchSite] { return site == "same-origin" }
        guard let origin = headers[.origin], let authority = head.authority else { return false }
        return origin == "https://\(authority)" || !isTLS && origin == "http://\(authority)"
    }

    /// Whether the request has come by plain HTTP from another machine: others on the way can read it, and the
    /// browser does not keep the cookie of a session. Browsers tell the site (`Sec-Fetch-Site`) only where the
    /// way is safe, so that a proxy that does TLS is noticed by it even if it is not trusted.
    package func isInTheClear(isTLS: Bool) -> Bool {
        guard !isTLS, let authority = head.authority, !authority.isLoopbackAuthority else {
            return false
        }
        return headers[.secFetchSite] == nil && headers[.origin] != "https://\(authority)"
    }

    /// Whether a page of another server has sent the request. An address that was typed, a bookmark and a
    /// program that is not a browser are none.
    package var isFromForeignPage: Bool {
        guard let site = headers[.secFetchSite] else { return false }
        return site != "same-origin" && site != "none"
    }
}

extension String {
    /// Whether it names this machine, as seen from itself: `127.0.0.1:8080`.
    var isLoopbackAuthority: Bool {
        let host =
            hasPrefix("[") ? dropFirst().prefix { $0 != "]" } : prefix { $0 != ":" }
        return host == "localhost" || host == "::1"
            || host.hasPrefix("127.") && host.allSatisfy { $0.isNumber || $0 == "." }
    }
}

extension HTTPField.Name {
    fileprivate static let secFetchSite = known("sec-fetch-site")
}
