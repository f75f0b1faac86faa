import APIContract

// What a server says to a node, which acts on the code.
extension Refusal {
    /// Whether the server has something against the node itself, and not against one request of it.
    package var isOfNode: Bool {
        switch code {
        case .joinTokenExpired, .joinTokenUsed, .joinTokenUnknown, .nodeRegion, .nodeClock,
            .nodeCredentialUnknown, .nodeCredentialExpired, .secondNodeSession, .nodeProtocol:
            true
        default: false
        }
    }

    /// Whether another machine is the node that this one says it is: it is connected, or has joined in its place.
    package var isOfAnotherMachine: Bool { has(.secondNodeSession) || has(.nodeCredentialUnknown) }

    /// Whether the body of the request is more than the server, or what is in front of it, takes.
    package var isOfSize: Bool { status == 413 }
}
