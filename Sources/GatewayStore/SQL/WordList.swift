/// Words without blanks, in their order, in one column.
struct WordList: SQLText {
    let words: [String]

    static let substitute = WordList([] as [String])

    init(_ words: some Sequence<some CustomStringConvertible>) {
        self.words = words.map(\.description)
    }

    init?(sqlText: String) {
        words = sqlText.split(separator: " ").map(String.init)
    }

    var description: String { words.joined(separator: " ") }

    /// Nil where one of them is not such a value.
    func values<Value>(_ read: (String) -> Value?) -> [Value]? {
        let values = words.compactMap(read)
        return values.count == words.count ? values : nil
    }
}

extension Row {
    /// The values of a list, each of which `read` makes of its word.
    func list<Value>(
        _ column: String,
        _ read: (String) -> Value?
    ) throws(StoreError) -> [Value] {
        let list: WordList = try value(column) { $0.values(read) != nil }
        return list.values(read) ?? []
    }
}
