import HTTPTypes
package import HummingbirdCore

extension Request {
    /// Browsers name it; programs that take anything do not.
    package var asksForHTML: Bool {
        headers[.accept]?.lowercased().contains("text/html") ?? false
    }

    /// Whether HTML is among what the client takes (RFC 9110 section 12.5.1).
    package var takesHTML: Bool {
        guard let accept = headers[.accept]?.lowercased() else { return true }
        return ["text/html", "text/*", "*/*"].contains { accept.contains($0) }
    }
}
