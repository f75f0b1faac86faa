/// One column of a table of `Row`s.
struct Column<Row>: Sendable {
    /// As `--columns` takes it; in the head of the table it is in capitals.
    let name: String
    /// The head where the whole table does not fit in the terminal.
    let shortHead: String
    /// Whether only `-o wide` shows it, or `--columns`.
    let isWide: Bool
    /// What has to be known of other objects, to show it.
    let needs: NameBook.Need?
    let cell: @Sendable (Row, NameBook) -> Cell

    init(
        _ name: String,
        short: String? = nil,
        wide isWide: Bool = false,
        _ cell: @escaping @Sendable (Row) -> Cell
    ) {
        self.name = name
        shortHead = Self.head(short ?? name)
        self.isWide = isWide
        needs = nil
        self.cell = { row, _ in cell(row) }
    }

    /// A column that shows other objects by name.
    init(
        _ name: String,
        wide isWide: Bool = false,
        needing need: NameBook.Need,
        _ cell: @escaping @Sendable (Row, NameBook) -> Cell
    ) {
        self.name = name
        shortHead = Self.head(name)
        self.isWide = isWide
        needs = need
        self.cell = cell
    }

    var head: String { Self.head(name) }

    private static func head(_ name: String) -> String {
        name.uppercased().split(separator: "-").joined(separator: " ")
    }
}
