import EndToEndSupport
import Foundation
import TestSupport

/// The command line as a user of a server has it: a folder to be in, and a server to ask.
struct ClientShell {
    struct Result: Equatable {
        let status: Int32
        let output: String
        let errors: String
    }

    private let environment: [String]
    private let folder: URL

    init(_ server: LoopbackServer) {
        self.init(url: server.base.absoluteString, folder: server.folder)
    }

    init(url: String, folder: URL) {
        self.folder = folder
        environment = [
            "env", "-i", "-C", folder.path, "PATH=/usr/bin:/bin", "HOME=\(folder.path)",
            "WGW_URL=\(url)", "WGW_API_KEY=\(Program.apiKey)",
        ]
    }

    /// The words in front of those of a command.
    func command(_ more: [String] = []) -> [String] {
        environment + more + [Program.binary.path]
    }

    func start(_ words: String...) throws -> BackgroundProcess {
        try BackgroundProcess(
            environment + [Program.binary.path] + words,
            logs: folder,
            name: "client"
        )
    }

    func run(_ words: String..., input: String? = nil) throws -> Result {
        let errors = folder.appending(path: "errors-\(UUID().uuidString)")
        let script = #"exec "$0" "$@" 2>\#(errors.path)"#
        let result = try Command.run(
            environment + ["sh", "-c", script, Program.binary.path] + words,
            input: input
        )
        return Result(
            status: result.status,
            output: result.output,
            errors: try String(contentsOf: errors, encoding: .utf8)
        )
    }

    /// Returns the name of the file as commands run here take it.
    func write(_ text: String, to name: String) throws -> String {
        try Data(text.utf8).write(to: folder.appending(path: name))
        return name
    }

    func read(_ name: String) throws -> String {
        try String(contentsOf: folder.appending(path: name), encoding: .utf8)
    }

    func exists(_ name: String) -> Bool {
        FileManager.default.fileExists(atPath: folder.appending(path: name).path)
    }

    func mode(_ name: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: folder.appending(path: name).path)[
            .posixPermissions
        ] as? Int
    }
}
