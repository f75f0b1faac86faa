/// A link that signs one browser in, once.
package struct SignInLink: Equatable, Sendable {
    package let url: String
    package let expiresAt: Timestamp

    package init(url: String, expiresAt: Timestamp) {
        self.url = url
        self.expiresAt = expiresAt
    }

    package static let lifetimeSeconds: Int64 = 15 * 60
}
