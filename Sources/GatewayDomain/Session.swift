/// A browser that has signed in, for a user or with an API key. The secret in its cookie is not stored.
package struct Session: Equatable, Sendable {
    package let id: SessionID
    package let organizationID: OrganizationID
    package let principal: Principal
    /// The address from which the sign-in came.
    package let source: String
    /// The first words of what the browser called itself.
    package let userAgent: String?
    package let createdAt: Timestamp
    /// Accurate to a minute: it is written once a minute at most.
    package private(set) var lastUsedAt: Timestamp

    package init(
        id: SessionID,
        organizationID: OrganizationID,
        principal: Principal,
        source: String,
        userAgent: String?,
        createdAt: Timestamp,
        lastUsedAt: Timestamp? = nil
    ) {
        self.id = id
        self.organizationID = organizationID
        self.principal = principal
        self.source = source
        self.userAgent = userAgent
        self.createdAt = createdAt
        self.lastUsedAt = lastUsedAt ?? createdAt
    }

    package static let idleSeconds: Int64 = 7 * 86_400
    package static let longestSeconds: Int64 = 30 * 86_400
    /// Of one principal. One more ends the session that was used least lately.
    package static let most = 50

    /// After a time without use, and at the latest some time after the sign-in.
    package var expiresAt: Timestamp {
        min(
            lastUsedAt.advanced(bySeconds: Self.idleSeconds),
            createdAt.advanced(bySeconds: Self.longestSeconds)
        )
    }

    package func hasExpired(at now: Timestamp) -> Bool { expiresAt <= now }

    package func used(at time: Timestamp) -> Session {
        var session = self
        session.lastUsedAt = time
        return session
    }

    /// What is kept of a `User-Agent`: enough to tell browsers apart, and nothing that breaks a line.
    package static func shownUserAgent(_ header: String?) -> String? {
        guard let header else { return nil }
        let visible = header.unicodeScalars.prefix(160).filter { (0x20...0x7E).contains($0.value) }
        return visible.isEmpty ? nil : String(String.UnicodeScalarView(visible))
    }
}
