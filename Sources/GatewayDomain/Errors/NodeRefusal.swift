/// Why the server has nothing to do with a node, or with what says that it is one. Each has a code of its own
/// in the API; what the node carries, it goes on carrying.
package enum NodeRefusal: Error, Equatable, Sendable {
    case tokenExpired
    case tokenUsed
    /// No node of this installation has the token: it is of another one, or a newer one took its place.
    case tokenUnknown
    case regionDiffers(asked: String, has: [String])
    /// Seconds by which the node's clock is ahead of the server's.
    case clockDiffers(seconds: Int64)
    /// Of another installation, or of a node that was deleted or has joined anew.
    case credentialUnknown
    case credentialExpired
    /// Another process shows the same credential, and is connected.
    case secondSession
    /// What the node speaks, and what this server speaks.
    case protocolUnsupported(asked: Int, supported: ClosedRange<Int>)
}
