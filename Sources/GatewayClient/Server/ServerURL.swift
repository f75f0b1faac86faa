import Foundation

/// Where a server is: `http://` or `https://`, a host and a port.
package struct ServerURL: Hashable, Sendable {
    package let text: String
    package let host: String
    package let isHTTPS: Bool

    /// Nil for anything else. A path is taken only where it is `/` or the `/v2` of the API, so that a URL can be
    /// copied from either place.
    package init?(_ text: String) {
        guard let parts = URLComponents(string: text), let scheme = parts.scheme?.lowercased(),
            scheme == "http" || scheme == "https", let host = parts.host, !host.isEmpty,
            parts.user == nil, parts.password == nil, parts.query == nil, parts.fragment == nil,
            ["", "/", "/v2", "/v2/"].contains(parts.path)
        else { return nil }
        self.host = host
        // Foundation gives an IPv6 address with brackets or without, by its version.
        let authority = host.contains(":") && !host.hasPrefix("[") ? "[\(host)]" : host
        isHTTPS = scheme == "https"
        self.text = "\(scheme)://\(authority)" + (parts.port.map { ":\($0)" } ?? "")
    }

    package static let form = "a URL like https://gateway.example.net:8080, without a path"
}

extension ServerURL: CustomStringConvertible {
    package var description: String { text }
}
