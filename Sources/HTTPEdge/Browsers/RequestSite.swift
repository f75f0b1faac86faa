import HTTPTypes
package import HummingbirdCore

extension Request {
    /// Whether a page of this server has sent the request, as browsers tell of each. It has to be so for all
    /// that changes something and is let in by a cookie or begins a session: another site can make a browser
    /// send a form, too.
    package var isFromOwnPage: Bool {
        if let site = headers[.secFetchSite] { return site == "same-origin" }
        guard let origin = headers[.origin], let authority = head.authority else { return false }
        return origin == "https://\(authority)" || origin == "http://\(authority)"
    }

    /// Whether a page of another server has sent the request. An address that was typed, a bookmark and a
    /// program that is not a browser are none.
    package var isFromForeignPage: Bool {
        guard let site = headers[.secFetchSite] else { return false }
        return site != "same-origin" && site != "none"
    }
}

extension HTTPField.Name {
    fileprivate static let secFetchSite = known("sec-fetch-site")
}
