/// A line or a body that is not of this protocol. The text never quotes it: it may hold a key.
package enum WireError: Error, Equatable, Sendable {
    case notJSON
    /// A member that is missing, or is not what it should be.
    case member(String)
    /// A line that cannot come where it came.
    case outOfOrder(String)
    /// A secret that was not sealed to this node, not for this object, or is damaged.
    case notOpened
}

extension WireError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .notJSON: "it is not a JSON object"
        case .member(let name): "its member '\(name)' is missing, or is not what it should be"
        case .outOfOrder(let line): "a line '\(line)' comes where it cannot be"
        case .notOpened: "a key in it is not sealed to this node"
        }
    }
}
