package import GatewayDomain

/// What people see who follow a one-time link.
package enum ShareView: Sendable {
    /// What is behind the link, which is not used up by looking.
    case offered(PeerShare)
    /// The config file, the one time that the link gives it away.
    case opened(OpenedPeerShare)
    /// It was used, or has expired.
    case spent
    /// It leads to nothing.
    case unknown
}
