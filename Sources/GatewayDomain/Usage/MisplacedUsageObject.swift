/// What usage can be asked of.
package enum UsageObject: CaseIterable, Sendable {
    case network
    case gateway
    case peer

    /// Which belong to which.
    package static let within: [(part: UsageObject, whole: UsageObject)] = [
        (.peer, .gateway), (.gateway, .network), (.peer, .network),
    ]
}

/// That usage is asked of two objects that are both there, and of which one does not belong to the other.
package struct MisplacedUsageObject: Error, Equatable, Sendable {
    package let part: UsageObject
    package let whole: UsageObject

    package init(_ part: UsageObject, in whole: UsageObject) {
        self.part = part
        self.whole = whole
    }
}
