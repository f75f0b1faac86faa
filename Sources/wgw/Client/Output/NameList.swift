/// Objects by their names, as the subject of a sentence.
struct NameList {
    /// More do not help to decide about what they have to do with.
    private static let mostTold = 5

    private let noun: String
    private let titles: [String]

    /// - Parameter noun: what one of them is called; an `s` makes it several.
    init(_ noun: String, _ titles: [String]) {
        self.noun = noun
        self.titles = titles
    }

    var count: Int { titles.count }

    /// `gateway 'a'`, `gateways 'a', 'b'`, or `gateways 'a', 'b' and 9 more`; nil for none.
    var text: String? {
        guard !titles.isEmpty else { return nil }
        let told = titles.prefix(Self.mostTold).map { "'\($0)'" }.joined(separator: ", ")
        let rest = count > Self.mostTold ? " and \(count - Self.mostTold) more" : ""
        return "\(noun)\(count == 1 ? "" : "s") \(told)\(rest)"
    }

    /// What keeps an object from being deleted; nil where nothing does.
    ///
    /// - Parameter remedy: what has to be done with them first, like `deleted`.
    static func obstacle(_ lists: [NameList], untilAre remedy: String) -> String? {
        let subjects = lists.compactMap(\.text)
        guard !subjects.isEmpty else { return nil }
        let count = lists.reduce(0) { $0 + $1.count }
        return
            "\(subjects.joined(separator: " and ")) \(count == 1 ? "is" : "are") in it, to be \(remedy) first"
    }
}
