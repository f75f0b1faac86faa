/// Whether packets leave the node.
enum WayOut: Equatable, Sendable {
    /// None asks for it.
    case unneeded
    case closed(reason: String)
    /// The node does what it can; rules of another program may drop packets even so, and those to the internet may
    /// have nowhere to go.
    case open(obstacle: String?, internetObstacle: String? = nil)

    var isOpen: Bool {
        if case .open = self { true } else { false }
    }
}
