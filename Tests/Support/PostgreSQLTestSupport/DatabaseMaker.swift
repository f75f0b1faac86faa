import Foundation
import Glibc
import TestSupport

/// A psql that makes databases beside the tests: the next one is ready when it is asked for.
struct DatabaseMaker {
    private let process: ChildProcess
    private let commands: FileHandle
    private let answers: FileHandle

    init(on cluster: PostgreSQLCluster) throws {
        let (input, output) = (try Command.pipe(), try Command.pipe())
        process = try ChildProcess(
            cluster.psql(database: "postgres"),
            input: input.reading,
            output: output.writing,
            errors: STDERR_FILENO
        )
        close(input.reading)
        close(output.writing)
        // It ends with the pipe, and so with this process.
        commands = FileHandle(fileDescriptor: input.writing, closeOnDealloc: true)
        answers = FileHandle(fileDescriptor: output.reading, closeOnDealloc: true)
    }

    /// Comes back before the statement has run, and those that come behind it.
    func begin(_ statement: String, name: String, behind: [String]) throws {
        let text = "\(statement);\n\\echo \(name)\n" + behind.map { $0 + ";\n" }.joined()
        try commands.write(contentsOf: Data(text.utf8))
    }

    /// Waits until the statement of that name has run.
    func wait(for name: String) throws {
        let line = Data((name + "\n").utf8)
        guard try answers.read(upToCount: line.count) == line else {
            throw Command.Failure(description: "PostgreSQL made no database \(name)")
        }
    }
}
