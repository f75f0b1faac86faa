import ArgumentParser

/// How a command prints what it was answered.
struct OutputOptions: ParsableArguments {
    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "table, wide, json, jsonl, yaml or name.",
            discussion: "json, jsonl and yaml are the API's own objects.",
            valueName: "format"
        ),
        completion: .list(OutputFormat.allCases.map(\.rawValue))
    )
    var output: String?

    @Flag(
        name: .shortAndLong,
        help: "Print ids only, or only what is shown once, such as an API key."
    )
    var quiet = false

    @Flag(help: "Leave out the heads of the columns.")
    var noHeader = false

    @Option(
        help: ArgumentHelp(
            "The columns of the table, separated by commas; 'help' lists them.",
            valueName: "names"
        )
    )
    var columns: String?
}
