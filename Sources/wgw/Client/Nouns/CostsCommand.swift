import APIContract
import ArgumentParser
import CommandLineProgram
import GatewayClient
import GatewayDomain
import GatewayService
import JSON

/// `wgw costs`.
struct CostsCommand: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "costs",
        abstract: "What is owed for a month, line by line.",
        discussion: """
            Prices are those of the operator's config file. -o csv prints the table that the server makes for \
            spreadsheets.
            """
    )

    @Option(
        help: ArgumentHelp("A month like 2026-11; the present one by default.", valueName: "month")
    )
    var month: String?

    @Flag(help: "Those of all organizations, for admins.")
    var all = false

    @OptionGroup(title: "Output") var output: ReportOptions
    @OptionGroup(title: "Server") var server: ServerOptions

    func run(_ client: GatewayClient) async throws {
        var parameters: [(name: String, value: String)] = []
        if let month {
            guard CalendarMonth(month) != nil else {
                throw CommandFailure.usage("--month must be a month like 2026-11")
            }
            parameters.append(("month", month))
        }
        if all { parameters.append(("all", "true")) }
        let query = ListQuery(parameters: parameters)
        if output.output == "csv" { return try await client.printTable(of: .costs, query) }
        let report = try Report(as: output.output)
        let costs = try await client.all(.costs, [query])
        let hasBegun = try await Self.haveBegun(costs, client)
        let names = all ? try await Self.organizationNames(client) : nil
        try report.print(
            .array(costs.map(\.json)),
            names: costs.map { "\($0.organizationID)" }
        ) { page in
            for (index, costs) in costs.enumerated() {
                if index > 0 { page.gap() }
                page.write(costs, hasBegun: hasBegun, organizations: names)
            }
        }
    }
}

extension CostsCommand {
    /// By the clock of the server, which is asked where there is nothing that would show it.
    private static func haveBegun(
        _ costs: [Decoded<CostsMembers>],
        _ client: GatewayClient
    ) async throws -> Bool {
        guard let first = costs.first, costs.allSatisfy({ !$0.isClosed && $0.lines.isEmpty }) else {
            return true
        }
        let present = try await client.all(.costs, [ListQuery()]).first
        return present.map { first.month <= $0.month } ?? true
    }

    private static func organizationNames(
        _ client: GatewayClient
    ) async throws -> [OrganizationID: String] {
        let all = try await client.all(OrganizationNoun.resource, [ListQuery()])
        return Dictionary(all.map { ($0.id, $0.name) }) { $1 }
    }
}

extension ReportPage {
    /// - Parameter organizations: their names, where each is to be named. One that was deleted has its id.
    fileprivate mutating func write(
        _ costs: Decoded<CostsMembers>,
        hasBegun: Bool,
        organizations: [OrganizationID: String]?
    ) {
        let title = organizations.map { names in
            "\(costs.month) \(names[costs.organizationID] ?? "\(costs.organizationID)")"
        }
        let end = costs.isClosed ? ", closed" : " so far"
        head(
            title ?? "\(costs.month)",
            hasBegun ? "\(costs.total) \(costs.currency)\(end)" : "has not begun",
            .plain
        )
        guard !costs.lines.isEmpty else { return }
        var table = Table(
            heads: ["ITEM", "WHAT", "QUANTITY", "PRICE", "AMOUNT"],
            hasHeader: true,
            screen: screen
        )
        write(table.text(of: costs.lines.map(Self.row)))
    }

    private static func row(_ line: Part<CostLine>) -> [Cell] {
        let unit =
            switch line.item.known {
            case .gateway: "hours"
            case .peers: "peers"
            default: "bytes"
            }
        let what = line.gatewayName ?? line.gatewayID?.description ?? line.kind
        let isLate = line.item == .correction
        return [
            .text(line.item.text), .text(isLate ? "\(what ?? "") of \(line.month)" : what),
            .text("\(line.quantity) \(unit)"), .text(line.price), .text(line.amount),
        ]
    }
}
