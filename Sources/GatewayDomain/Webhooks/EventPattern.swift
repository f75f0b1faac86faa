/// Which events a webhook is sent: `*`, `wireguard_peer.*` or `wireguard_peer.connected`.
package struct EventPattern: Hashable, Sendable, LosslessStringConvertible {
    package static let all = EventPattern(type: nil, action: nil)

    /// Nil for every kind of object that an owner may see.
    private let type: Event.ObjectType?
    /// Nil for everything that happens to one.
    private let action: String?

    private init(type: Event.ObjectType?, action: String?) {
        self.type = type
        self.action = action
    }

    /// Nil for what no event matches.
    package init?(_ text: String) {
        if text == "*" {
            self = .all
            return
        }
        let parts = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, let type = Event.ObjectType(rawValue: parts[0]) else { return nil }
        guard parts[1] == "*" || Self.actions(of: type).contains(parts[1]) else { return nil }
        self.init(type: type, action: parts[1] == "*" ? nil : parts[1])
    }

    package var description: String {
        guard let type else { return "*" }
        return "\(type.rawValue).\(action ?? "*")"
    }

    package func matches(_ type: Event.ObjectType, _ action: String) -> Bool {
        guard let own = self.type else { return type.neededRole <= .owner }
        return own == type && (self.action ?? action) == action
    }

    /// The lowest role that may see such events.
    package var neededRole: Role { max(type?.neededRole ?? .owner, .owner) }

    /// What can happen to an object of this kind.
    package static func actions(of type: Event.ObjectType) -> [String] {
        Event.Operation.allCases.map(\.rawValue)
            + (type == .peer ? PeerPresence.allCases.map(\.rawValue) : [])
    }
}
