/// What is at the other end of a peer's packets.
package enum UsageKind: String, CaseIterable, Sendable {
    /// A peer on the same node.
    case hairpin
    /// A peer behind a gateway of another node.
    case link
    /// A private service, from whichever node it is reached.
    case services
    /// Any other address, from whichever node.
    case internet
}
