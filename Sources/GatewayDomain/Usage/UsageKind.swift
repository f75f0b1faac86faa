/// By which way packets of a peer came to its gateway, or left it.
package enum UsageKind: String, CaseIterable, Sendable {
    /// Between peers that are on one node.
    case hairpin
    /// Over a link, between peers that are on different nodes, or to a way out of another node.
    case link
    /// To and from private services, out of the peer's node.
    case services
    /// To and from all other addresses, out of the peer's node.
    case internet
}
