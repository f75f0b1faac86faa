import ArgumentParser

/// How a command prints an answer that is not a list of objects.
struct ReportOptions: ParsableArguments {
    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "table, json, jsonl, yaml or name.",
            discussion: "json, jsonl and yaml are the API's own object.",
            valueName: "format"
        ),
        completion: .list(OutputFormat.allCases.map(\.rawValue))
    )
    var output: String?
}
