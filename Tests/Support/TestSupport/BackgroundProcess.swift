package import Foundation
import Glibc

/// A program that runs beside the test. What it says goes to two files, which outlive a crash.
package final class BackgroundProcess {
    private let process: ChildProcess
    private let outputFile: URL
    private let errorFile: URL

    package init(_ words: [String], logs folder: URL, name: String) throws {
        outputFile = folder.appending(path: "\(name).out")
        errorFile = folder.appending(path: "\(name).err")
        let output = try Self.emptyFile(outputFile)
        let errors = try Self.emptyFile(errorFile)
        let input = try FileHandle(forReadingFrom: URL(filePath: "/dev/null"))
        process = try ChildProcess(
            words,
            input: input.fileDescriptor,
            output: output.fileDescriptor,
            errors: errors.fileDescriptor
        )
    }

    deinit { kill() }

    package var output: String { (try? String(contentsOf: outputFile, encoding: .utf8)) ?? "" }
    package var errors: String { (try? String(contentsOf: errorFile, encoding: .utf8)) ?? "" }
    package var id: pid_t { process.id }
    package var isRunning: Bool { process.isRunning }

    package func send(_ signal: Int32) { process.send(signal) }

    /// Kills it as a power cut would.
    package func kill() {
        process.send(SIGKILL)
        process.wait()
    }

    /// Asks it to stop, and answers with its exit status.
    package func stop() async throws -> Int32 {
        process.send(SIGTERM)
        return try await waitForExit()
    }

    /// Waits for its end; it is killed when it takes longer.
    package func waitForExit() async throws -> Int32 {
        let hasEnded = try await eventually { !self.process.isRunning }
        if !hasEnded { kill() }
        return process.wait()
    }

    private static func emptyFile(_ url: URL) throws -> FileHandle {
        try Data().write(to: url)
        return try FileHandle(forWritingTo: url)
    }
}
