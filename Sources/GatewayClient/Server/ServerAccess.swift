package import GatewayDomain

/// A server, and as whom to ask it.
package struct ServerAccess: Sendable {
    package let url: ServerURL
    /// The one certificate that is trusted; nil for those of the system's authorities.
    package let fingerprint: CertificateFingerprint?
    /// Decides in the place of `fingerprint`, where the trusted certificate changes with time.
    package let trusts: (@Sendable (CertificateFingerprint) -> Bool)?
    /// Nil where none is known: the server then says what it answers without one.
    package let apiKey: String?
    /// The organization that an admin acts for.
    package let organization: OrganizationID?

    package init(
        url: ServerURL,
        fingerprint: CertificateFingerprint? = nil,
        trusts: (@Sendable (CertificateFingerprint) -> Bool)? = nil,
        apiKey: String?,
        organization: OrganizationID? = nil
    ) {
        self.url = url
        self.fingerprint = fingerprint
        self.trusts = trusts
        self.apiKey = apiKey
        self.organization = organization
    }
}
