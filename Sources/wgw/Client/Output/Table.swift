import CommandLineProgram
import GatewayDomain

/// A table that is printed piece by piece: the first piece settles how wide the columns are, so that a list of
/// any length is printed as it comes. A later cell that is wider moves the rest of its line.
struct Table {
    private static let gap = "  "
    /// A column is not made narrower than this for a small terminal.
    private static let narrowest = 12

    private var heads: [String]
    /// For a terminal that is too small for the first piece, which then has short times and counts as well.
    private let shortHeads: [String]
    private var isShort = false
    let hasHeader: Bool
    let screen: Screen
    private var widths: [Int]?
    /// What relative times are relative to; nil for times as they are.
    private let now: Timestamp?
    /// Where rows come one by one, the first says little about the widths of the others.
    private let narrowestFollowed: Int

    /// - Parameter isFollowed: rows come one by one, at the times that they show.
    init(
        heads: [String],
        shortHeads: [String]? = nil,
        hasHeader: Bool,
        screen: Screen,
        isFollowed: Bool = false
    ) {
        self.heads = heads
        self.shortHeads = shortHeads ?? heads
        self.hasHeader = hasHeader
        self.screen = screen
        now = isFollowed ? nil : screen.now
        narrowestFollowed = isFollowed ? 16 : 0
    }

    /// The lines of these rows; before the first ones those of the header.
    mutating func text(of rows: [[Cell]]) -> String {
        if widths == nil, let limit = screen.width, now != nil,
            total(measured(texts(of: rows))) > limit
        {
            isShort = true
            heads = shortHeads
        }
        let pieces = texts(of: rows)
        var text = ""
        if widths == nil {
            widths = fitted(measured(pieces))
            if hasHeader {
                text = line(
                    heads,
                    rows.first?.map { _ in .head } ?? heads.map { _ in .head },
                    rows.first
                )
            }
        }
        for (cells, texts) in zip(rows, pieces) {
            text += line(texts, cells.map(\.style), cells)
        }
        return text
    }

    private func line(_ texts: [String], _ styles: [TextStyle], _ cells: [Cell]?) -> String {
        var line = ""
        for (index, text) in texts.enumerated() {
            let isLast = index == texts.count - 1
            let width = widths?[index] ?? 0
            let cut = screen.width == nil ? text : text.cut(to: width)
            let isRight = cells?[index].isNumeric ?? false
            let padded =
                isRight
                ? cut.rightAligned(to: width) : isLast ? cut : cut.padded(to: width)
            line += styles[index].apply(to: padded, on: screen)
            if !isLast { line += Self.gap }
        }
        while line.last == " " { line.removeLast() }
        return line + "\n"
    }

    private func texts(of rows: [[Cell]]) -> [[String]] {
        rows.map { cells in
            cells.map { cell in
                if isShort, let now { cell.shortText(at: now) } else { cell.text(at: now) }
            }
        }
    }

    private func total(_ widths: [Int]) -> Int {
        widths.reduce(Self.gap.count * (widths.count - 1), +)
    }

    /// As wide as the widest cell.
    private func measured(_ texts: [[String]]) -> [Int] {
        var widths = heads.map { max(hasHeader ? $0.displayWidth : 0, narrowestFollowed) }
        for row in texts {
            for (index, text) in row.enumerated() {
                widths[index] = max(widths[index], text.displayWidth)
            }
        }
        return widths
    }

    /// On a terminal that is too small, the widest columns are made narrower.
    private func fitted(_ measured: [Int]) -> [Int] {
        guard let limit = screen.width else { return measured }
        var widths = measured
        while total(widths) > limit {
            guard let widest = widths.indices.max(by: { widths[$0] < widths[$1] }),
                widths[widest] > Self.narrowest
            else { break }
            widths[widest] -= 1
        }
        return widths
    }
}

extension Cell {
    func styled(on screen: Screen) -> String {
        style.apply(to: text(at: screen.now), on: screen)
    }

    var style: TextStyle {
        switch self {
        case .none: .dim
        case .state(_, let mood): TextStyle(mood)
        default: .plain
        }
    }
}
