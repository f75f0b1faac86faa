/// Where each column of an answer stands, by its name. Every column of every row is asked for by name, which a
/// dictionary would hash each time: names are told apart by their length and both of their ends, and one is compared.
package struct ColumnNames: Sendable {
    let names: [String]
    /// Indices of `names`; -1 for an empty slot. At least half of the slots are empty.
    private let slots: [Int]

    /// Of columns of one name the last one is found.
    package init(_ names: [String]) {
        self.names = names
        var slots = [Int](repeating: -1, count: 4)
        while slots.count < names.count * 4 { slots += slots }
        for (index, name) in names.enumerated() {
            var slot = Self.hash(name) & (slots.count - 1)
            while slots[slot] >= 0, names[slots[slot]] != name {
                slot = (slot + 1) & (slots.count - 1)
            }
            slots[slot] = index
        }
        self.slots = slots
    }

    func index(of name: String) -> Int? {
        var slot = Self.hash(name) & (slots.count - 1)
        while slots[slot] >= 0 {
            if names[slots[slot]] == name { return slots[slot] }
            slot = (slot + 1) & (slots.count - 1)
        }
        return nil
    }

    private static func hash(_ name: String) -> Int {
        let text = name.utf8
        guard let first = text.first, let last = text.last else { return 0 }
        return text.count &* 5 &+ Int(first) &* 7 &+ Int(last) &* 3
    }
}
