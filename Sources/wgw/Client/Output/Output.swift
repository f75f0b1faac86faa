import APIContract
import ArgumentParser
import CommandLineProgram
import GatewayClient
import JSON
import Spelling

/// Where the answers of a command go: standard output, in the format that the options name.
struct Output<N: Noun> {
    private let format: OutputFormat
    private let isQuiet: Bool
    private let hasHeader: Bool
    private let columns: [Column<N.Answer>]
    /// Of one object alone, of which there is room for all.
    private let sheetColumns: [Column<N.Answer>]
    /// Whether columns that have nothing to say now are left out.
    private let isBrief: Bool
    private let screen: Screen

    /// - Parameter isDisclosing: whether the answer has a secret that no other answer has.
    init(
        _ options: OutputOptions,
        of noun: N.Type,
        isDisclosing: Bool = false,
        on screen: Screen = .output
    ) throws {
        if options.columns == Self.columnHelp { throw CleanExit.message(Self.columnList) }
        format = try options.output.map(OutputFormat.init(named:)) ?? .table
        isQuiet = options.quiet
        if isDisclosing, format == .name, !isQuiet {
            throw CommandFailure.usage(
                "-o name would lose what is shown only once; take -q, which prints that alone, or -o json"
            )
        }
        hasHeader = !options.noHeader
        self.screen = screen
        columns = try Self.columns(options.columns, isWide: format == .wide)
        isBrief = options.columns == nil && format == .table
        sheetColumns = options.columns == nil ? N.columns : columns
    }

    private static var columnHelp: String { "help" }

    /// What `--columns` takes, those of the plain table first.
    private static var columnList: String {
        let shown = N.columns.filter { !$0.isWide }.map(\.name).joined(separator: ",")
        let wide = N.columns.filter(\.isWide).map(\.name).joined(separator: ",")
        let more = wide.isEmpty ? "" : "\nwith -o wide: \(wide)"
        let meanings = N.columns.compactMap { column in
            column.meaning.map { "\n\n\(column.name): \($0)" }
        }
        return "columns:      \(shown)\(more)\(meanings.joined())"
    }

    private static func columns(
        _ names: String?,
        isWide: Bool
    ) throws(CommandFailure) -> [Column<N.Answer>] {
        guard let names else { return N.columns.filter { isWide || !$0.isWide } }
        let known = N.columns.map(\.name)
        var columns: [Column<N.Answer>] = []
        for name in names.split(separator: ",").map(String.init) {
            guard let column = N.columns.first(where: { $0.name == name.lowercased() }) else {
                let nearest = NearestWord.to(name, among: known).map { "'\($0)' is the nearest of" }
                throw .usage(
                    "\(N.word) has no column '\(name)'; \(nearest ?? "there are"): \(known.joined(separator: ", "))"
                )
            }
            columns.append(column)
        }
        guard !columns.isEmpty else {
            throw .usage("--columns takes some of \(known.joined(separator: ", "))")
        }
        return columns
    }

    var isForPeople: Bool { !isQuiet && (format == .table || format == .wide) }

    /// What names have to be known for the table, but for those of peers.
    private func names(_ client: GatewayClient) async throws -> NameBook {
        guard isForPeople else { return .empty }
        return try await .reading(columns.needs(), client)
    }

    private func write(_ text: String) throws {
        guard !text.isEmpty else { return }
        if screen.isTerminal { WaitingNote.end() }
        try OutputFile.standardOutput.write(text)
    }
}

extension Output {
    /// A list, as its pages come.
    func print(
        _ pages: Pages<N.Object>,
        _ client: GatewayClient
    ) async throws {
        var names = try await names(client)
        var table = table(of: shown(names))
        var isFirst = true
        var count = 0
        for try await page in pages {
            if isForPeople {
                try await names.add(peers: columns.peers(namedIn: page), client)
            }
            try write(text(of: page, &table, names, isFirst: &isFirst))
            count += page.count
            WaitingNote.report("\(count) read so far")
        }
        switch format {
        case _ where isQuiet: break
        case .json: try write(isFirst ? "[]\n" : "\n]\n")
        case .yaml where isFirst: try write("[]\n")
        case .table, .wide: if isFirst { try explainEmptiness() }
        case .jsonl, .name, .yaml: break
        }
    }

    private func explainEmptiness() throws {
        if Screen.errors.isTerminal {
            try OutputFile.standardError.write("No \(N.word) is there.\n")
        }
    }

    private func text(
        of page: [N.Answer],
        _ table: inout Table,
        _ names: NameBook,
        isFirst: inout Bool
    ) throws -> String {
        guard !page.isEmpty else { return "" }
        defer { isFirst = false }
        if isQuiet { return page.map { N.id(of: $0) + "\n" }.joined() }
        switch format {
        case .table, .wide:
            let columns = shown(names)
            return table.text(of: page.map { answer in columns.map { $0.cell(answer, names) } })
        case .name:
            return page.map { N.title(of: $0).withoutControls + "\n" }.joined()
        case .jsonl:
            return page.map { $0.json.encoded + "\n" }.joined()
        case .json:
            let texts = page.map { $0.json.indented(inside: 1) }
            return (isFirst ? "[\n" : ",\n") + texts.joined(separator: ",\n")
        case .yaml:
            return JSONValue.array(page.map(\.json)).yaml
        }
    }

    /// - Parameter isFollowed: rows come one by one, at the times that they show.
    func table(isFollowed: Bool = false) -> Table {
        table(of: shown(.empty), isFollowed: isFollowed)
    }

    private func shown(_ book: NameBook) -> [Column<N.Answer>] {
        isBrief ? columns.filter { $0.isShown(book) } : columns
    }

    private func table(of columns: [Column<N.Answer>], isFollowed: Bool = false) -> Table {
        Table(
            heads: columns.map(\.head),
            shortHeads: columns.map(\.shortHead),
            hasHeader: hasHeader,
            // All columns rarely fit: they are asked for to be seen whole.
            screen: format == .wide ? screen.withoutWidth : screen,
            isFollowed: isFollowed
        )
    }

    /// One object of many that come one by one. Other objects in it are shown by id.
    func print(line answer: N.Answer, _ table: inout Table) throws {
        if isQuiet { return try write(N.id(of: answer) + "\n") }
        switch format {
        case .table, .wide:
            try write(table.text(of: [shown(.empty).map { $0.cell(answer, .empty) }]))
        case .name: try write(N.title(of: answer).withoutControls + "\n")
        case .jsonl, .json: try write(answer.json.encoded + "\n")
        case .yaml: try write("---\n" + answer.json.yaml)
        }
    }

    /// One object, as a page with a line for each of its columns.
    ///
    /// - Parameter secrets: what this one answer discloses, with the names of their lines. `-q` prints them in
    ///   the place of the id, by which they could not be had again.
    func print(
        _ answer: N.Answer,
        _ client: GatewayClient,
        secrets: [(name: String, value: String?)] = []
    ) async throws {
        if isQuiet {
            let disclosed = secrets.compactMap(\.value)
            let words = disclosed.isEmpty ? [N.id(of: answer)] : disclosed
            return try write(words.map { $0 + "\n" }.joined())
        }
        switch format {
        case .table, .wide:
            var book = try await NameBook.reading(sheetColumns.needs(), client)
            try await book.add(peers: sheetColumns.peers(namedIn: [answer]), client)
            try write(sheet(of: answer, book, secrets))
        case .name, .jsonl, .json, .yaml:
            try write(format.text(of: answer.json, title: N.title(of: answer)))
        }
    }

    private func sheet(
        of answer: N.Answer,
        _ names: NameBook,
        _ secrets: [(name: String, value: String?)]
    ) -> String {
        let cells =
            sheetColumns.map { ($0.name, $0.cell(answer, names)) }
            + secrets.map { ($0.name, Cell.text($0.value)) }
        let width = cells.map(\.0.count).max() ?? 0
        return cells.map { name, cell in
            guard hasHeader else { return cell.styled(on: screen) + "\n" }
            let label = (name + ":").padded(to: width + 2)
            return TextStyle.head.apply(to: label, on: screen) + cell.styled(on: screen) + "\n"
        }.joined()
    }

    /// What a command has done, for a person; a program gets the object, where there was one.
    func print(done sentence: String, _ answer: N.Answer?) throws {
        if isQuiet { return }
        switch format {
        case .table, .wide: try write(sentence + "\n")
        case .name, .jsonl, .json, .yaml:
            guard let answer else { return }
            try write(format.text(of: answer.json, title: N.title(of: answer)))
        }
    }
}
