/// Which config file a peer should have, and which one was fetched for it.
package struct PeerConfigStatus: Equatable, Sendable {
    /// The revision of the change that last made the peer's config file say something else. It is
    /// that of the kind of file that was fetched last, and never becomes smaller.
    package var revision: Int64
    /// The revision of the file that was fetched last; nil where none was.
    package var fetchedRevision: Int64?
    /// Whether that file sends everything through the tunnel.
    package var fetchedFullTunnel: Bool

    package init(
        revision: Int64 = 0,
        fetchedRevision: Int64? = nil,
        fetchedFullTunnel: Bool = false
    ) {
        self.revision = revision
        self.fetchedRevision = fetchedRevision
        self.fetchedFullTunnel = fetchedFullTunnel
    }

    package var state: ConfigState {
        guard let fetchedRevision else { return .neverFetched }
        return fetchedRevision < revision ? .outdated : .current
    }
}

/// Whether a peer has the config file that it should have, as far as the server can know: a file that
/// was fetched may lie unused.
package enum ConfigState: String, CaseIterable, Sendable {
    case current
    /// What the file says has changed since it was fetched.
    case outdated
    case neverFetched = "never_fetched"
}
