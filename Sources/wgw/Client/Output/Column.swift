import GatewayDomain

/// One column of a table of `Row`s.
struct Column<Row>: Sendable {
    /// As `--columns` takes it; in the head of the table it is in capitals.
    let name: String
    /// The head where the whole table does not fit in the terminal.
    let shortHead: String
    /// Whether only `-o wide` shows it, or `--columns`.
    let isWide: Bool
    /// What the value is, where the name does not tell; for `--columns help`.
    let meaning: String?
    /// What has to be known of other objects, to show it.
    let needs: NameBook.Need
    /// The peer that it names in a row. Unlike the objects above, only those peers are asked for that rows name.
    let peer: (@Sendable (Row) -> PeerID?)?
    let cell: @Sendable (Row, NameBook) -> Cell

    /// Whether a table has it for which no columns were named: room is rare, and most tables have nothing to say of quotas.
    func isShown(_ book: NameBook) -> Bool {
        !needs.contains(.usedUpQuotas) || !book.quotas.isEmpty
    }

    init(
        _ name: String,
        short: String? = nil,
        wide isWide: Bool = false,
        meaning: String? = nil,
        _ cell: @escaping @Sendable (Row) -> Cell
    ) {
        self.name = name
        shortHead = Self.head(short ?? name)
        self.isWide = isWide
        self.meaning = meaning
        needs = []
        peer = nil
        self.cell = { row, _ in cell(row) }
    }

    /// A column that shows a peer by name.
    init(_ name: String, of peer: @escaping @Sendable (Row) -> PeerID) {
        self.name = name
        shortHead = Self.head(name)
        isWide = false
        meaning = nil
        needs = []
        self.peer = peer
        cell = { row, book in .text(book.name(of: peer(row))) }
    }

    /// A column that shows other objects by name, among them a peer in some rows.
    init(
        _ name: String,
        wide isWide: Bool = false,
        needing needs: NameBook.Need,
        meaning: String? = nil,
        peer: (@Sendable (Row) -> PeerID?)? = nil,
        _ cell: @escaping @Sendable (Row, NameBook) -> Cell
    ) {
        self.name = name
        shortHead = Self.head(name)
        self.isWide = isWide
        self.meaning = meaning
        self.needs = needs
        self.peer = peer
        self.cell = cell
    }

    var head: String { Self.head(name) }

    /// In a sentence.
    var phrase: String { name.replacing("-", with: " ") }

    private static func head(_ name: String) -> String {
        name.uppercased().split(separator: "-").joined(separator: " ")
    }
}

extension Array {
    /// What has to be known of other objects for all columns.
    func needs<Row>() -> NameBook.Need where Element == Column<Row> {
        reduce(into: []) { $0.formUnion($1.needs) }
    }

    func peers<Row>(namedIn rows: [Row]) -> [PeerID] where Element == Column<Row> {
        compactMap(\.peer).flatMap { rows.compactMap($0) }
    }
}
