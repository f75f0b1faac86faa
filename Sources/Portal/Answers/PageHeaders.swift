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

    /// Of a page that holds a secret.
    private static let policyWithoutScript = """
        default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; \
        frame-ancestors 'none'
        """

    static let all = fields(policy: contentSecurityPolicy)
    static let withoutScript = fields(policy: policyWithoutScript)

    private static func fields(policy: String) -> HTTPFields {
        [
            .contentSecurityPolicy: policy,
            .xContentTypeOptions: "nosniff",
            .known("referrer-policy"): "no-referrer",
            .known("cross-origin-opener-policy"): "same-origin",
            .known("cross-origin-resource-policy"): "same-origin",
            .known("x-robots-tag"): "noindex, nofollow",
            .cacheControl: "no-store",
        ]
    }
}
