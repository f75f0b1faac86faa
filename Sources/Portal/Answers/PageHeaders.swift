import HTTPEdge
import HTTPTypes

/// What every page of the portal says to the browser beside its text.
enum PageHeaders {
    /// Scripts and styles only from files of this server, text only as text, requests only to this server,
    /// and no page of another site around it.
    static let contentSecurityPolicy = """
        default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; \
        connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; \
        require-trusted-types-for 'script'
        """

    static let all: HTTPFields = [
        .contentSecurityPolicy: contentSecurityPolicy,
        .xContentTypeOptions: "nosniff",
        .known("referrer-policy"): "no-referrer",
        .known("cross-origin-opener-policy"): "same-origin",
        .known("cross-origin-resource-policy"): "same-origin",
        .known("x-robots-tag"): "noindex, nofollow",
        .cacheControl: "no-store",
    ]
}
