/// What holds for the first peers of all pairs, and what for the second. They are at one gateway, or each
/// side is at one of its own.
package struct PairSides<Value: Sendable>: Sendable {
    package var first: Value
    package var second: Value

    package init(_ first: Value, _ second: Value) {
        self.first = first
        self.second = second
    }

    package init(both value: Value) {
        self.init(value, value)
    }

    /// Peers 0 and 1 are the first pair.
    @inline(__always)
    package subscript(ofPeer number: Int) -> Value {
        get { number % 2 == 0 ? first : second }
        set {
            if number % 2 == 0 { first = newValue } else { second = newValue }
        }
    }
}

extension PairSides: Equatable where Value: Equatable {}
