import NetAddress

/// Networks as one column shows them that a statement gathers from several rows.
struct PrefixList: SQLText {
    /// In their order.
    let prefixes: [IPPrefix]

    static let substitute = PrefixList(prefixes: [])

    private init(prefixes: [IPPrefix]) {
        self.prefixes = prefixes
    }

    init?(sqlText: String) {
        var prefixes: [IPPrefix] = []
        for word in sqlText.split(separator: " ") {
            guard let prefix = try? IPPrefix(String(word)) else { return nil }
            prefixes.append(prefix)
        }
        self.init(prefixes: prefixes.sorted())
    }

    var description: String { prefixes.map(\.description).joined(separator: " ") }
}
